/**
 * The board that a command is to talk to: at a port, or virtual.
 * @module
 */
import { boardNames } from "../build/boards.ts";
import { type Board, choosePort, openBoard } from "../serial/index.ts";

/** Options of `parseArgs` that say which board is meant. */
export const TARGET_OPTIONS = {
  port: { type: "string" },
  virtual: { type: "boolean", default: false },
  board: { type: "string" },
} as const;

/** The same for people. */
export const TARGET_USAGE = `  --port PORT      /dev/tty…, COM… or tcp://HOST:PORT (the only board that is connected)
  --virtual        a virtual board with a local platform instead
  --board NAME     of the virtual board (esp32)`;

export interface TargetValues {
  port?: string | undefined;
  virtual?: boolean | undefined;
  board?: string | undefined;
}

/** Wrong use of a command. */
export class UsageError extends Error {}

/** An open board. */
export interface Target {
  board: Board;
  /** Of the board file, where it is known without asking. */
  name?: string;
  /** Switches a virtual board on that was opened without patience; not there on others. */
  begin?(): Promise<void>;
  /** Opens it again after it was lost; a virtual board does not get lost. */
  reopen?(): Promise<Board>;
  close(): Promise<void>;
}

/**
 * Opens it.
 * @param patience milliseconds for which the board may be silent; 0: it need not answer
 * @throws UsageError when the options contradict each other
 * @throws BoardError when there is no board
 */
export async function openTarget(
  { port, virtual, board: name }: TargetValues,
  { patience, tell }: { patience?: number; tell?(text: string): void } = {},
): Promise<Target> {
  if (virtual && port !== undefined)
    throw new UsageError("--virtual and --port exclude each other");
  if (name !== undefined && !boardNames().includes(name)) {
    throw new UsageError(`--board ${name}: expected one of ${boardNames().join(", ")}`);
  }
  if (virtual) {
    const { openVirtual } = await import("./virtual.ts");
    const board = name ?? "esp32";
    tell?.(`the virtual ${board} starts, with a local platform`);
    return { ...(await openVirtual(board, patience)), name: board };
  }
  const path = await choosePort(port, tell ? { tell } : {});
  const open = () => openBoard(path, patience === undefined ? {} : { patience });
  let board = await open();
  return {
    board,
    ...(name === undefined ? {} : { name }),
    reopen: async () => {
      board = await open();
      return board;
    },
    close: () => board.close(),
  };
}
