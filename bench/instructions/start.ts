/**
 * What a start takes: from the loader on until CONNECT is sent, and until the first report's reply.
 * @module
 */
import type { Stretch } from "./callgrind.ts";
import { CALLBACK, MARK, Program } from "./program.ts";
import { type Rig, SCRIPT } from "./rig.ts";

/** Runs the boot files; runs the script; runs what the idle loop calls. */
const WITHIN = ["jsfLoadBootCodeFromFlash", "jspEvaluate", CALLBACK];
/** A socket's `write`. */
const WRITE = "clientRequestWrite";
/** Unpacks the image, which an ESP32's needs not. */
const UNPACK = "jswrap_heatshrink_decompress";
/** Opens the file that stands for the flash, for a few bytes each; an ESP32's is in its address space. */
const FLASH = "jshFlashRead";

export interface StartCost {
  /** Instructions until CONNECT is handed to the socket. */
  connect: number;
  /** Until the first report's promise has resolved. */
  report: number;
}

export async function measureStart(
  rig: Rig,
  which: "firmware" | "floor",
  interpreter: string,
  valgrind: string,
): Promise<StartCost> {
  const folder = await rig[which](0);
  const counting = { within: WITHIN, marks: [WRITE, MARK], apart: [UNPACK] };
  const program = new Program({ interpreter, valgrind, folder, script: SCRIPT, counting });
  try {
    const stretches = await program.counts();
    const first = stretches.findIndex(({ mark }) => mark === WRITE);
    const last = stretches.findIndex(({ mark }) => mark === MARK);
    if (first < 0 || last < first)
      throw new Error(`the ${which} has reported nothing: ${program.lastLines}`);
    return {
      connect: sum(stretches.slice(0, first + 1)),
      report: sum(stretches.slice(0, last + 1)),
    };
  } finally {
    await program.close();
  }
}

function sum(stretches: Stretch[]): number {
  return stretches
    .filter(({ apart }) => apart !== UNPACK)
    .reduce((all, { instructions, spentIn }) => all + instructions - spentIn(FLASH), 0);
}
