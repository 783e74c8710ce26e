/**
 * Firmware that is too large for its slot as it is: the image holds it compressed (heatshrink, which
 * the interpreter brings), behind a line that unpacks and runs it. It then runs from RAM, so this is
 * for boards that have plenty.
 * @module
 */
import heatshrink from "espruino/libs/heatshrink.js";
import { HEADER_BYTES } from "../../src/ota/image.ts";
import type { ImageEntry } from "./image.ts";

/** Bytes of the first entry: the line, padded, for it says where the second begins. */
const LINE_BYTES = 256;

/** The entries of an image that unpacks `script`. */
export function compressedEntries(script: Uint8Array): ImageEntry[] {
  const bytes = Buffer.from(heatshrink.compress(script));
  const line =
    'eval(E.toString(require("heatshrink").decompress(function(){' +
    'var s=require("Storage"),n=["slot.a","slot.b","factory"][boot.slot];' +
    `return s.read(n,s.read(n,0,5000).indexOf("ALIIMG1\\n")+${HEADER_BYTES + LINE_BYTES},` +
    `${bytes.length})}())))`;
  return [
    { name: "main.js", bytes: Buffer.from(line.padEnd(LINE_BYTES)) },
    { name: "main.hs", bytes },
  ];
}
