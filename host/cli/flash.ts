/**
 * `./flash.sh [--board NAME]`: builds a board's firmware, packs the factory image, and says how to
 * put them on a board. It touches no board itself.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { boardNames, loadBoard } from "../build/boards.ts";
import { build } from "../build/index.ts";
import { shownPath } from "../build/project.ts";
import { factoryImage, installFirmware, prepareScript } from "../demo/install.ts";

const usage = `usage: ./flash.sh [--board NAME]
  --board NAME  ${boardNames().join(" or ")} (esp32)`;

function readBoard(): string {
  try {
    return parseArgs({ options: { board: { type: "string", default: "esp32" } } }).values.board;
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

/** For boards that are reached over a serial port. */
function serialText(factory: string, loader: string, script: string): string {
  return `
To put it on a board that already runs Espruino (replace /dev/ttyUSB0 by its port):

  npx espruino -p /dev/ttyUSB0 -b 115200 --no-ble --config PACKET_UPLOAD=true \\
    --storage factory:${shownPath(factory)} --storage .boot0:${shownPath(loader)} \\
    -e '${script}'

The loader (.boot0) runs at each start. It starts the factory image until an update over the air has
put a newer one into slot.a or slot.b, and again when both of those fail. The script makes these two
files where they are missing and clears the journal, so that the image just sent is what runs. The
device's settings are in the Storage file device.json (see README.md); to send them as well, add

    --storage device.json:device.json`;
}

/** For the Linux port, which keeps its flash in a file of its working directory. */
function fileText(flash: string): string {
  return `
${shownPath(flash)} holds all of it. Start Espruino's Linux build in the folder of that file. The
loader (.boot0) starts the factory image until an update over the air has put a newer one into slot.a
or slot.b. The device's settings are in the Storage file device.json (see README.md).`;
}

try {
  const name = readBoard();
  const { machine } = await loadBoard(name);
  const built = await build({ board: name });
  mkdirSync(built.dir, { recursive: true });
  const factory = join(built.dir, "factory.bin");
  writeFileSync(factory, factoryImage(machine, built));
  if (machine.flash.raw) {
    console.log(serialText(factory, built.boot0, prepareScript(machine)));
  } else {
    const flash = join(built.dir, "espruino.flash");
    installFirmware(flash, machine, built, undefined);
    console.log(fileText(flash));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
