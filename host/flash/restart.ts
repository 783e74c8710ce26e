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
/** Index of the factory image in what the loader says. */
const FACTORY = 2;

/**
 * Restarts. The firmware's own start is not awaited. Resolves to what the console said meanwhile.
 * @throws BoardError `refused` when the loader did not start the factory image
 */
export async function restart(board: Board, device: DeviceBoard): Promise<string> {
  let heard = "";
  const stop = board.onText((text) => {
    heard = (heard + text).slice(-2000);
  });
  try {
    // Where `E.reboot` ends the interpreter, loading anew does the same.
    await board.run(device.reboots ? "E.reboot()" : "load()");
    await quiet(board);
    await board.synchronize(START_PATIENCE);
    const slot = await board.query<number>('typeof boot=="object"&&boot?boot.slot:-1');
    // What the loader says when it gives an image up, or finds none.
    const said = /boot: .*/.exec(heard)?.[0].trim();
    if (slot === FACTORY && said === undefined) return heard;
    throw new BoardError(
      "refused",
      `the board did not start the firmware${said ? `: it says "${said}"` : ""}`,
    );
  } finally {
    stop();
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
