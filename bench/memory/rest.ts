/**
 * Variables of a board on which nothing moves.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import type { PoweredBoard } from "../../host/board/index.ts";

/** At rest are so many counts in a row that differ by no more than this. */
const COUNTS = 10;
const SPREAD = 2;
const PAUSE_MS = 40;
/** So many take two seconds. */
const LONG_COUNTS = 50;
/** So many are taken before a device is given up that never rests. */
const MOST_COUNTS = 400;

type Counted = Pick<PoweredBoard, "evaluate">;

async function vars(board: Counted): Promise<number> {
  const text = await board.evaluate("process.memory().usage");
  const count = Number(text);
  if (!Number.isFinite(count)) throw new Error(`the board tells ${text}: expected a number`);
  return count;
}

/** JsVars in use between what an application does by itself, every second or so. */
export async function leastVars(board: Counted): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < LONG_COUNTS; count++) {
    least = Math.min(least, await vars(board));
    await pause(PAUSE_MS);
  }
  return least;
}

/** JsVars in use when nothing moves; garbage is not counted. */
export async function varsAtRest(board: Counted): Promise<number> {
  const counts: number[] = [];
  while (counts.length < MOST_COUNTS) {
    counts.push(await vars(board));
    const last = counts.slice(-COUNTS);
    const least = Math.min(...last);
    if (last.length === COUNTS && Math.max(...last) - least <= SPREAD) return least;
    await pause(PAUSE_MS);
  }
  throw new Error(`the count of JsVars does not come to rest: ${counts.slice(-20).join(" ")}`);
}
