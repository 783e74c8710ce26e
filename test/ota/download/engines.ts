/**
 * What runs the device programs of this folder: the virtual boards, and the interpreters that are
 * present.
 * @module
 */
import { join } from "node:path";
import { program } from "../../compiled/program.ts";
import {
  buildProgram as buildDeviceProgram,
  type Engine,
  interpreters,
} from "../../mqtt/interpreter.ts";

/** An engine and the board whose programs it runs. */
export interface BoardEngine extends Engine {
  board: string;
}

function virtualBoard(board: string): BoardEngine {
  const path = join(import.meta.dirname, "../../board-engine.ts");
  const command = [process.execPath, ...program(path), board];
  return { name: `virtual board, ${board}`, board, command };
}

export function boardEngines(): BoardEngine[] {
  return [
    virtualBoard("esp32"),
    virtualBoard("linux"),
    ...interpreters().map((engine) => ({ ...engine, board: "linux" })),
  ];
}

/** The minified script of a program in `device/`, built for a board. */
export function buildProgram(name: string, board: string): Promise<string> {
  return buildDeviceProgram(join(import.meta.dirname, "device", `${name}.ts`), board);
}

/** Where the virtual Wi-Fi is. */
export const wifi = [{ ssid: "virtual", password: "virtual-board" }];
