/**
 * Makes a bundle anew: type check, dialect guard, firmware and loader.
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { checkTypes, type Finding } from "./check.ts";
import { checkDialect } from "./guard/index.ts";
import { createProgram } from "./program.ts";
import type { Source } from "./reuse.ts";
import { aliasesOf } from "./sources.ts";

/** Absolute paths. */
export interface Wanted {
  /** The board's file. */
  board: string;
  entry: string;
  loader: string;
  /** The application; the sample by default. */
  app: string | undefined;
  /** Folder of the results. */
  dir: string;
}

export interface Made {
  /** The TypeScript modules that the firmware holds, absolute. */
  modules: string[];
  /** All that was compiled. */
  sources: Source[];
  /** Why there is no result, if so. */
  findings: Finding[];
}

/** Writes `firmware.js` with its source map, and `boot0.js`. */
export async function make({ board, entry, loader, app, dir }: Wanted): Promise<Made> {
  const aliases = aliasesOf(board, app);
  const program = createProgram([entry, loader], aliases);
  const sources = program.getSourceFiles().map(({ fileName, text }): Source => [fileName, text]);
  const refused = (findings: Finding[]): Made => ({ modules: [], sources, findings });

  const errors = await checkTypes([entry, loader], aliases);
  if (errors.length > 0) return refused(errors);
  const foreign = checkDialect(program);
  if (foreign.length > 0) return refused(foreign);

  mkdirSync(dir, { recursive: true });
  // Beside the results, so that paths in the source map fit, and moved when all is done: another
  // build of the same board may be reading them.
  const work = mkdtempSync(`${dir}.`);
  try {
    const parts = { program, aliases };
    const main = await bundle({ ...parts, entry, file: join(work, "firmware.js"), prefix: "$" });
    const file = join(work, "boot0.js");
    const loaded = await bundle({ ...parts, entry: loader, file, prefix: "$$" });
    const left = [...main.findings, ...loaded.findings];
    if (left.length > 0) return refused(left);
    for (const name of readdirSync(work)) renameSync(join(work, name), join(dir, name));
    return { modules: main.modules, sources, findings: [] };
  } finally {
    rmSync(work, { recursive: true });
  }
}
