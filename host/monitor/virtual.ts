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
  begin(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Builds the firmware, and makes a virtual board that has it.
 * @param patience milliseconds until it has to answer; 0: it is still off, `begin` switches it on
 */
export async function openVirtual(name: string, patience = PATIENCE): Promise<VirtualTarget> {
  const stage = await openStage({
    build: await build({ board: name, quiet: true }),
    engine: "virtual",
  });
  try {
    const connection = connectBoard(stage.board, `the virtual ${name}`);
    const begin = () => stage.board.powerOn();
    if (patience > 0) await begin();
    const board = await openBoard(connection, { patience });
    return {
      board,
      stage,
      begin,
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
