/**
 * Which image a board runs, as it says itself: traces are then read with the right map from the start.
 * @module
 */
import type { Board } from "../serial/index.ts";
import { ID_DIGITS } from "../trace/index.ts";

/** Milliseconds: a board that is busy starting is asked again later. */
const PATIENCE = 3000;

/** The image that runs. */
export interface RunningImage {
  /** Name of the board file. */
  board: string;
  module: string;
  version: string;
  /** Begin of the script's SHA-256; missing where the image holds it compressed or among others. */
  id?: string;
}

/** The header of the image that the loader started, without the bytes around it. */
const READ_HEADER =
  "(function(b,t){if(!b)return;" +
  't=require("Storage").read(["slot.a","slot.b","factory"][b.slot],0,5200);' +
  't=JSON.parse(t.substr(t.indexOf("ALIIMG1\\n")+16,752).trim());' +
  "return {b:t.board,m:t.module,v:t.version,n:t.entries.length,s:t.sha256}})(global.boot)";

/** Asks a board; undefined when it does not answer, or runs something else. */
export async function askIdentity(board: Board): Promise<RunningImage | undefined> {
  try {
    const found = await board.evaluate<Record<string, never> | undefined>(READ_HEADER, {
      timeout: PATIENCE,
    });
    if (!found) return undefined;
    const { b, m, v, n, s } = found as Record<string, unknown>;
    const image = { board: String(b), module: String(m), version: String(v) };
    return n === 1 ? { ...image, id: String(s).slice(0, ID_DIGITS) } : image;
  } catch {
    return undefined;
  }
}
