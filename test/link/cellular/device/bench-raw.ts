/**
 * Counts what comes at the serial port `settings.path`, and drops it.
 * @module
 */
const { path, bytes }: { path: string; bytes: number } = global.settings;

let left = bytes;

const serial: EspruinoSerial = global.Serial1;
serial.setup(115200, { path: path });
serial.on("data", (data) => {
  left -= data.length;
  if (left <= 0) print("took");
});
// On Linux the interpreter ends with its last timer.
setInterval(() => {}, 1000);
print("begin");
