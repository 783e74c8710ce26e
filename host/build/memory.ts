/**
 * How many of the interpreter's variables the firmware takes: measured where the interpreter is present
 * and runs the board's bundle, else estimated by the virtual board.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSmallInterpreter } from "../board/find-interpreter.ts";
import {
  createInterpreterBoard,
  createVirtualBoard,
  FlashImage,
  type PoweredBoard,
} from "../board/index.ts";
import { runsOnLinux } from "../board/interpreter/core.ts";
import { installFirmware } from "../demo/install.ts";
import { type Board, loadBoard } from "./boards.ts";
import type { BuildResult } from "./index.ts";

/** The firmware's share of the board's memory. */
export interface MemoryFigures {
  /** JsVars in use with the firmware started, not connected, less those without it. */
  jsVars: number;
  /** All that the board has; 0: as many as needed. */
  total: number;
  /** False: counted by the virtual board, which finds about a fifth less than the interpreter. */
  measured: boolean;
}

/** Enough to start; nobody answers there. */
const SETTINGS = JSON.stringify({
  productKey: "a1b2c3d4e5f",
  deviceName: "memory",
  deviceSecret: "none",
  server: "127.0.0.1:9",
  log: "off",
  wifi: [{ ssid: "none" }],
});

/** Milliseconds after which the firmware has started; the same for both figures. */
const SETTLED = 1500;

function powered(board: Board, flash: string): { made: PoweredBoard; measured: boolean } {
  const interpreter = findSmallInterpreter();
  // Other boards' bundles ask for hardware that a program on Linux lacks.
  if (interpreter && runsOnLinux(board) && board.device.link === "host") {
    return { made: createInterpreterBoard({ board, flash, interpreter }), measured: true };
  }
  return { made: createVirtualBoard({ board, flash }), measured: false };
}

async function usage(board: Board, prepare: (flash: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "memory-"));
  const flash = join(folder, "espruino.flash");
  prepare(flash);
  const { made, measured } = powered(board, flash);
  try {
    await made.powerOn();
    await new Promise((resolve) => setTimeout(resolve, SETTLED));
    const jsVars = Number(await made.evaluate("process.memory().usage"));
    return { jsVars, measured };
  } finally {
    await made.close();
    rmSync(folder, { recursive: true });
  }
}

/** Starts the firmware of a build, and an interpreter without one. */
export async function measureMemory(result: BuildResult): Promise<MemoryFigures> {
  const board = await loadBoard(result.board);
  const { machine } = board;
  const loaded = await usage(board, (flash) => installFirmware(flash, machine, result, SETTINGS));
  const bare = await usage(board, (flash) => FlashImage.open(flash, machine).close());
  const { measured } = loaded;
  return { jsVars: loaded.jsVars - bare.jsVars, total: machine.jsVars.total, measured };
}
