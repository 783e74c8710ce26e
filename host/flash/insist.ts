/**
 * Opens a board that is to be flashed, even one whose firmware keeps the interpreter busy.
 * @module
 */
import { Board, BoardError, openBoard, openConnection } from "../serial/index.ts";
import type { Reporter } from "./send.ts";

/** Milliseconds for each way to be heard. */
const PATIENCE = 5000;
/** Between two Ctrl-C while the chip starts, in milliseconds. */
const BREAK_INTERVAL = 150;
const BREAKS = 12;

/**
 * Opens a board: by asking; when nothing answers, after an interrupt; at last by the chip's reset line
 * with interrupts while it starts, which reaches the REPL before a script that does not return.
 * @param patience milliseconds for each of these
 * @throws BoardError `not-opened` or `silent`
 */
export async function openInsistently(
  port: string,
  reporter: Pick<Reporter, "step">,
  patience = PATIENCE,
): Promise<Board> {
  try {
    return await openBoard(port, { patience });
  } catch (error) {
    if (!(error instanceof BoardError) || error.trouble !== "silent") throw error;
    const board = new Board(await openConnection(port));
    const ways = [
      { text: "no answer: interrupting what runs", act: () => board.type("\x03") },
      { text: "no answer: resetting the chip", act: () => breakIntoStart(board) },
    ];
    for (const { text, act } of ways) {
      reporter.step(text);
      try {
        await act();
        await board.synchronize(patience);
        return board;
      } catch (next) {
        if (!(next instanceof BoardError) || next.trouble !== "silent") {
          await board.close();
          throw next;
        }
      }
    }
    await board.close();
    throw error;
  }
}

async function breakIntoStart(board: Board): Promise<void> {
  if (!(await board.resetLine())) return;
  for (let i = 0; i < BREAKS; i++) {
    await new Promise((resolve) => setTimeout(resolve, BREAK_INTERVAL));
    await board.type("\x03");
  }
}
