/**
 * What `--virtual` means: a virtual board with the built firmware, logged on to a local platform, all
 * in this process.
 * @module
 */
import { build } from "../build/index.ts";
import { openStage, type Stage } from "../demo/stage.ts";
import { type Board, openBoard } from "../serial/index.ts";
import { connectBoard } from "./board-connection.ts";

/** Milliseconds until it answers. */
const PATIENCE = 20_000;

export interface VirtualTarget {
  board: Board;
  stage: Stage;
  close(): Promise<void>;
}

/** Builds the firmware, and switches a virtual board on that has it. */
export async function openVirtual(name: string): Promise<VirtualTarget> {
  const stage = await openStage({
    build: await build({ board: name, quiet: true }),
    engine: "virtual",
  });
  try {
    const connection = connectBoard(stage.board, `the virtual ${name}`);
    await stage.board.powerOn();
    const board = await openBoard(connection, { patience: PATIENCE });
    return {
      board,
      stage,
      close: async () => {
        await board.close();
        await stage.close();
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}
