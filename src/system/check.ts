/**
 * Does this interpreter suit the board file? Checked at each start, before anything else.
 * @module
 */
import type { BoardNeeds } from "../../boards/board.ts";

/** What is wrong: `fatal` keeps the firmware from starting, the others are warnings. */
export interface Misfit {
  fatal: boolean;
  text: string;
}

/** `"2v29.277"` as a number that compares: major, minor, build. NaN when it is none. */
function versionNumber(version: string): number {
  const parts = version.split("v");
  const minor = (parts[1] || "").split(".");
  return (
    parseInt(parts[0], 10) * 1e8 + parseInt(minor[0], 10) * 1e5 + (parseInt(minor[1], 10) || 0)
  );
}

/** Compares what runs with what the board file asks for. */
export function checkInterpreter(
  needs: BoardNeeds,
  env: { BOARD: string; VERSION: string; MODULES: string },
  freeVars: number,
): Misfit[] {
  const misfits: Misfit[] = [];
  if (!needs.interpreters.includes(env.BOARD)) {
    misfits.push({
      fatal: false,
      text: "built for " + needs.interpreters.join(" or ") + ", runs on " + env.BOARD,
    });
  }
  const version = versionNumber(env.VERSION);
  if (!(version >= versionNumber(needs.minVersion))) {
    misfits.push({
      fatal: true,
      text: "Espruino " + env.VERSION + " is too old: " + needs.minVersion + " or later needed",
    });
  }
  for (const bad of needs.badVersions) {
    if (version >= versionNumber(bad.from) && version <= versionNumber(bad.to)) {
      misfits.push({ fatal: false, text: "Espruino " + env.VERSION + " " + bad.trouble });
    }
  }
  const modules = env.MODULES.split(",");
  for (const name of needs.modules) {
    if (!modules.includes(name)) {
      misfits.push({ fatal: true, text: "this interpreter has no module " + name });
    }
  }
  if (freeVars < needs.minFreeVars) {
    misfits.push({
      fatal: false,
      text: "only " + freeVars + " JsVars free: " + needs.minFreeVars + " needed",
    });
  }
  return misfits;
}
