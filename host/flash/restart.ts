/**
 * Restarts a board and sees that it runs the image that was sent.
 * @module
 */
import type { DeviceBoard } from "../../boards/board.ts";
import { type Board, BoardError } from "../serial/index.ts";

/** Milliseconds that a start may take, and that the loader then may take to pick its image. */
const START_PATIENCE = 20_000;
/**
 * Milliseconds until something is heard of a start, and of silence until it is over. A question that a
 * restart cuts in two would be echoed.
 */
const START_WAIT = 1500;
const START_QUIET = 250;
/** Milliseconds that a port may be gone over a restart, and between attempts to open it. */
const REOPEN_PATIENCE = 15_000;
const REOPEN_PAUSE = 300;
/** Index of the factory image in what the loader says. */
const FACTORY = 2;

/** A board that has restarted. */
export interface Restarted {
  /** The same, or what it was opened as again: a chip's own USB vanishes for a moment. */
  board: Board;
  /** What the console said meanwhile, with CR LF. */
  said: string;
}

/**
 * Restarts. The firmware's own start is not awaited.
 * @param reopen opens the port again when it is lost over this
 * @throws BoardError `refused` when the loader did not start the factory image
 */
export async function restart(
  board: Board,
  device: DeviceBoard,
  reopen?: () => Promise<Board>,
): Promise<Restarted> {
  let said = "";
  const hear = (text: string) => {
    said = (said + text).slice(-2000);
  };
  const stop = board.onText(hear);
  let current = board;
  try {
    // Where `E.reboot` ends the interpreter, loading anew does the same.
    await board.run(device.reboots ? "E.reboot()" : "load()");
    try {
      await quiet(board);
      await board.synchronize(START_PATIENCE);
    } catch (error) {
      if (!reopen || !(error instanceof BoardError) || error.trouble !== "lost") throw error;
      current = await insist(reopen);
      await current.synchronize(START_PATIENCE);
    }
    const slot = await current.query<number>('typeof boot=="object"&&boot?boot.slot:-1');
    // What the loader says when it gives an image up, or finds none.
    const complaint = /boot: .*/.exec(said)?.[0].trim();
    if (slot === FACTORY && complaint === undefined) return { board: current, said };
    throw new BoardError(
      "refused",
      `the board did not start the firmware${complaint ? `: it says "${complaint}"` : ""}`,
    );
  } finally {
    stop();
  }
}

/** Opens a port as soon as it is back. */
async function insist(reopen: () => Promise<Board>): Promise<Board> {
  for (const end = Date.now() + REOPEN_PATIENCE; ; ) {
    try {
      return await reopen();
    } catch (error) {
      if (!(error instanceof BoardError) || Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, REOPEN_PAUSE));
  }
}

/** Resolves when the console has begun to say something, and has then been silent for a while. */
function quiet(board: Board): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      clearTimeout(latest);
      stop();
      resolve();
    };
    let timer = setTimeout(end, START_WAIT);
    // An application may never be silent.
    const latest = setTimeout(end, 2 * START_WAIT);
    const stop = board.onText(() => {
      clearTimeout(timer);
      timer = setTimeout(end, START_QUIET);
    });
  });
}
