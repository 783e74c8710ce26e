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
import {
  type Board,
  compress,
  openBoard,
  type TransferOptions,
  writeFile,
} from "../host/serial/index.ts";
import { InterpreterRepl, noInterpreter } from "../test/serial/interpreter.ts";
import { Wire, type WireEnd } from "../test/serial/wire.ts";
import type { Bench, Row } from "./run.ts";

export const name = "Flashing over a wire of 115200 baud (esp32's image)";
export const uses: Bench["uses"] = ["interpreter"];

const BAUD = 115200;
/** Start bit, eight of data, stop bit. */
const BITS = 10;
/** Bytes of a piece, as `host/serial/transfer.ts` sends them. */
const PIECE = 1024;

/** One transfer; without `compress`, as it would go to an interpreter that can't decompress. */
async function measure(end: WireEnd, image: Buffer, options: TransferOptions) {
  const wire = await Wire.open(end, { baud: BAUD });
  const board = await openBoard(wire.path);
  try {
    const { sent, milliseconds } = await writeFile(board, "factory", image, options);
    return { seconds: milliseconds / 1000, sent, unpacking: await unpackingTime(board, image) };
  } finally {
    await board.close();
    await wire.close();
  }
}

/** Milliseconds that the board takes to decompress the image's pieces. */
async function unpackingTime(board: Board, image: Buffer): Promise<number> {
  let sum = 0;
  for (let at = 0; at < image.length; at += PIECE) {
    const packed = compress(image.subarray(at, at + PIECE));
    sum += await board.query<number>(
      `(function(d,t){t=getTime();E.toString(require("heatshrink").decompress(d));` +
        `return (getTime()-t)*1000})(atob("${Buffer.from(packed).toString("base64")}"))`,
    );
  }
  return sum;
}

async function compare(end: WireEnd, who: string, image: Buffer): Promise<Row[]> {
  const plain = await measure(end, image, { compress: undefined });
  const packed = await measure(end, image, {});
  const limit = BAUD / BITS;
  const share = (bytes: number, seconds: number) => (100 * bytes) / seconds / limit;
  const row = (what: string, value: number, unit: string, floor?: number): Row => ({
    what: `${who}: ${what}`,
    value,
    unit,
    ...(floor === undefined ? {} : { floor }),
  });
  // Least: the wire alone, with the image as it is.
  const wire = image.length / limit;
  return [
    row("as it is", plain.seconds, "s", wire),
    row("compressed", packed.seconds, "s", wire),
    row("decompressing, of that", packed.unpacking / 1000, "s"),
    row("wire in use as it is", share(plain.sent, plain.seconds), "%"),
    row("wire in use compressed", share(packed.sent, packed.seconds), "%"),
  ];
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
    rows.push(...(await compare(virtual, "virtual board", image)));
    if (!noInterpreter()) {
      const repl = new InterpreterRepl();
      rows.push(...(await compare(repl, "interpreter", image)));
      await repl.close();
    }
  } finally {
    await virtual.close();
    rmSync(folder, { recursive: true });
  }
  return rows;
}
