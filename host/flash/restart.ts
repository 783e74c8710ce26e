/**
 * Restarts a board and sees that it runs the image that was sent.
 * @module
 */
import type { DeviceBoard } from "../../boards/board.ts";
import { type Board, BoardError } from "../serial/index.ts";

/** Milliseconds that a start may take, and that the loader then may take to pick its image. */
const START_PATIENCE = 20_000;
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
