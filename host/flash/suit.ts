/**
 * Does what runs on a board suit the board file? Each mismatch with what to do about it.
 * @module
 */
import type { DeviceBoard } from "../../boards/board.ts";
import { checkInterpreter } from "../../src/system/check.ts";
import type { Board } from "../serial/index.ts";

/** What an interpreter says of itself. */
export interface InterpreterFacts {
  /** `process.env.VERSION`, e.g. `"2v29"`. */
  version: string;
  /** `process.env.BOARD`, e.g. `"ESP32"`. */
  board: string;
  /** `process.env.MODULES`: names with commas between them. */
  modules: string;
  /** JsVars free now, and in all. */
  freeVars: number;
  totalVars: number;
  /** Whether firmware of ours runs, which holds most of them. */
  running: boolean;
}

/** A way in which the two don't fit. */
export interface Mismatch {
  /** Whether the firmware could not run. */
  fatal: boolean;
  text: string;
}

/** Asks a board. */
export async function readFacts(board: Board): Promise<InterpreterFacts> {
  const [version, name, modules, freeVars, totalVars, running] = await board.query<
    [string, string, string, number, number, boolean]
  >(
    '(function(e,m){return [e.VERSION,e.BOARD,e.MODULES,m.free,m.total,typeof boot=="object"]})' +
      "(process.env,process.memory())",
  );
  return { version, board: name, modules, freeVars, totalVars, running };
}

/**
 * Compares; where firmware runs, with the memory that there is in all.
 * @param others names of board files by interpreter, to name the right one
 */
export function findMismatches(
  device: DeviceBoard,
  facts: InterpreterFacts,
  others: (interpreter: string) => string[],
): Mismatch[] {
  const env = { BOARD: facts.board, VERSION: facts.version, MODULES: facts.modules };
  const vars = facts.running ? facts.totalVars : facts.freeVars;
  return checkInterpreter(device.needs(), env, vars).map(({ fatal, text }) => {
    if (text.startsWith("built for")) {
      const right = others(facts.board);
      const advice = right.length
        ? `for this one: --board ${right.join(" or --board ")}`
        : "no board file is for this one";
      return {
        fatal: true,
        text: `this board is a ${facts.board}, and ${device.name} is for ${device.needs().interpreters.join(" or ")}: ${advice}`,
      };
    }
    return { fatal: fatal || isMemory(text), text: `${text}. ${advice(text)}` };
  });
}

function isMemory(text: string): boolean {
  return text.includes("JsVars");
}

function advice(text: string): string {
  if (/is too old/.test(text)) {
    return "Put a newer interpreter on the board: ./flash.sh --interpreter FILE (espruino.com/Download).";
  }
  if (/has no module/.test(text)) {
    return "Use the official build for this board (espruino.com/Download), which has it.";
  }
  if (isMemory(text)) {
    return "Use the official build for this board; if it is, files like .bootcde take memory: --erase removes them.";
  }
  return "A newer interpreter mends it: ./flash.sh --interpreter FILE.";
}
