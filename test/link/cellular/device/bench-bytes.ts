/**
 * A file through the driver at the serial port `settings.path`, but without the interpreter's `net`,
 * which asks its sockets at each turn and so never rests.
 * @module
 */
import { createCellularLink } from "../../../../src/link/cellular/link.ts";

const settings: { path: string; file: number; size: number } = global.settings;

const link = createCellularLink({ serial: "Serial1", path: settings.path, urcPort: "uart1" });
const { driver } = link;
let socket = -1;
let asked = false;
let left = settings.size;

function look(): void {
  const got = driver.recv(socket, 536);
  if (typeof got === "string") {
    left -= got.length;
    if (!asked) {
      asked = true;
      print("open");
      setTimeout(begin, 4000);
    }
    if (left <= 0) {
      print("took");
      return;
    }
    // There may be more.
    if (got) {
      look();
      return;
    }
  } else if (got !== -11) {
    print("Uncaught: the socket failed with " + got);
    return;
  }
  setTimeout(look, 20);
}

function begin(): void {
  print("begin");
  driver.send(socket, "GET");
}

link.onChange((up) => {
  if (!up) return;
  socket = driver.create("127.0.0.1", settings.file, 0, {});
  look();
});
link.up({ cellular: { apn: "cmnet" } });
