/**
 * How fast an image reaches a board: over a pseudo terminal paced at 115200 baud, to the virtual board
 * and to the real interpreter.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esp32 from "../boards/esp32.ts";
import { createVirtualBoard } from "../host/board/index.ts";
import { build } from "../host/build/index.ts";
import { factoryImage } from "../host/demo/install.ts";
import { noPty } from "../host/modem/pty.ts";
import { openBoard, writeFile } from "../host/serial/index.ts";
import { InterpreterRepl, noInterpreter } from "../test/serial/interpreter.ts";
import { Wire, type WireEnd } from "../test/serial/wire.ts";
import type { Row } from "./run.ts";

export const name = "Flashing over a wire of 115200 baud (esp32's image)";
const BAUD = 115200;
/** Start bit, eight of data, stop bit. */
const BITS = 10;

async function measure(end: WireEnd, who: string, image: Buffer): Promise<Row[]> {
  const wire = await Wire.open(end, { baud: BAUD });
  const board = await openBoard(wire.path);
  try {
    const { bytes, sent, milliseconds } = await writeFile(board, "factory", image);
    const limit = BAUD / BITS / 1000;
    return [
      { what: `${who}: rate`, value: bytes / milliseconds, unit: "KB/s" },
      {
        what: `${who}: share of the wire's limit`,
        value: (100 * bytes) / milliseconds / limit,
        unit: "%",
      },
      { what: `${who}: wire in use`, value: (100 * sent) / milliseconds / limit, unit: "%" },
    ];
  } finally {
    await board.close();
    await wire.close();
  }
}

export async function bench(): Promise<Row[] | string> {
  const missing = noPty();
  if (missing) return missing;
  const built = await build({ board: "esp32", quiet: true });
  const image = factoryImage(esp32.machine, built);
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const virtual = createVirtualBoard({ board: esp32, flash: join(folder, "espruino.flash") });
  await virtual.powerOn();
  const rows: Row[] = [{ what: "image", value: image.length, unit: "bytes" }];
  try {
    rows.push(...(await measure(virtual, "virtual board", image)));
    if (!noInterpreter()) {
      const repl = new InterpreterRepl();
      rows.push(...(await measure(repl, "interpreter", image)));
      await repl.close();
    }
  } finally {
    await virtual.close();
    rmSync(folder, { recursive: true });
  }
  return rows;
}
