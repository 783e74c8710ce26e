/**
 * Gets an answer from a board that is to be flashed, even where firmware keeps the interpreter busy.
 * @module
 */
import { awaitAnswer, type Board, BoardError } from "../serial/index.ts";
import type { Reporter } from "./send.ts";

/** Milliseconds for each way to be heard. */
const PATIENCE = 5000;
/** Between two Ctrl-C while the chip starts, in milliseconds. */
const BREAK_INTERVAL = 150;
const BREAKS = 12;

/** A way to be heard. */
interface Way {
  text: string;
  act(board: Board): Promise<void>;
}

const WAYS: Way[] = [
  { text: "", act: async () => {} },
  { text: "no answer: interrupting what runs", act: (board) => board.type("\x03") },
  { text: "no answer: resetting the chip", act: breakIntoStart },
];

/**
 * Waits until a board answers: by asking; when nothing comes, after an interrupt; at last by the chip's
 * reset line with interrupts while it starts, which come before a script that does not return.
 * @param patience milliseconds for each of these
 * @throws BoardError `silent`
 */
export async function insistOnAnswer(
  board: Board,
  reporter: Pick<Reporter, "step">,
  patience = PATIENCE,
): Promise<void> {
  let failure: unknown;
  for (const { text, act } of WAYS) {
    if (text) reporter.step(text);
    try {
      await act(board);
      return await awaitAnswer(board, patience);
    } catch (error) {
      if (!(error instanceof BoardError) || error.trouble !== "silent") throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function breakIntoStart(board: Board): Promise<void> {
  if (!(await board.resetLine())) return;
  for (let i = 0; i < BREAKS; i++) {
    await new Promise((resolve) => setTimeout(resolve, BREAK_INTERVAL));
    await board.type("\x03");
  }
}
