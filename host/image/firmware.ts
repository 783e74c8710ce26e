/**
 * What an image of the firmware holds: the script, which runs in place. On a board whose slots are too
 * small for that it is compressed (heatshrink, which the interpreter brings), behind a line that
 * unpacks and runs it; it then runs from RAM.
 * @module
 */
import type { Machine } from "../../boards/board.ts";
import { HEADER_BYTES } from "../../src/ota/image.ts";
import type { ImageEntry } from "./image.ts";
import { packScript } from "./pack-script.ts";

/** Bytes of the first entry: the line, padded, for it says where the second begins. */
const LINE_BYTES = 256;

/** The entries of an image that runs `script` on a board. */
export function firmwareEntries(
  { compressed }: Pick<Machine, "compressed">,
  script: Uint8Array,
): ImageEntry[] {
  if (!compressed) return [{ name: "main.js", bytes: script }];
  const bytes = packScript(script);
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
