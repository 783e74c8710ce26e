/**
 * A board of this process, virtual or not, as a connection: the commands that talk to a board over a
 * wire use it in the same way.
 * @module
 */
import type { PoweredBoard } from "../board/power.ts";
import { type Connection, type ConnectionEvents, Mailbox } from "../serial/index.ts";

/** What is needed of it. */
export type ConsoleOwner = Pick<PoweredBoard, "type" | "onConsole"> &
  Partial<Pick<PoweredBoard, "powerOff" | "powerOn">>;

/** @param name as people are to read it */
export function connectBoard(board: ConsoleOwner, name: string): Connection {
  const mailbox = new Mailbox();
  const stop = board.onConsole((bytes) => mailbox.data(bytes));
  return {
    name,
    lossy: false,
    listen: (events: ConnectionEvents) => mailbox.listen(events),
    write: async (bytes) => board.type(bytes),
    reset: async () => {
      await board.powerOff?.();
      await board.powerOn?.();
    },
    close: async () => {
      stop();
      mailbox.closed();
    },
  };
}
