/**
 * One script from one entry: rollup with the project's configuration, and a last look at the
 * result.
 * @module
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type RollupOptions, rollup } from "rollup";
import type { Finding } from "./check.ts";
import { globalNames } from "./globals.ts";
import { inProject, shownPath } from "./project.ts";
import { type Flaw, findFlaws } from "./script/net.ts";
import type { Aliases } from "./sources.ts";
import type ts from "./typescript.js";

/** What the configuration in `rollup.config.js` takes. */
export interface Bundle {
  /** Holds the entry and all it imports. */
  program: ts.Program;
  /** Module that starts everything, absolute. */
  entry: string;
  aliases: Aliases;
  /** Script to write, absolute; its source map goes beside it. */
  file: string;
  /** Begins every name at the script's top level. */
  prefix: string;
}

/** What came of it. */
export interface Bundled {
  /** The TypeScript modules that the script holds, absolute. */
  modules: string[];
  /** What the interpreter can't take all the same, at its place in the sources. */
  findings: Finding[];
}

/** Writes one script and its source map. */
export async function bundle(parts: Bundle): Promise<Bundled> {
  const config = await import(pathToFileURL(inProject("rollup.config.js")).href);
  const { output, ...input } = config.default(parts) as RollupOptions;
  if (output === undefined || Array.isArray(output)) throw new Error("one output is expected");
  const built = await rollup(input);
  try {
    const written = await built.write(output);
    const { modules } = written.output[0];
    const flaws = findFlaws(readFileSync(parts.file, "utf8"), globalNames(parts.program));
    return {
      modules: Object.keys(modules).filter((id) => id.endsWith(".ts")),
      findings: locate(flaws, parts.file),
    };
  } finally {
    await built.close();
  }
}

/** Follows the script's source map back to the sources. */
function locate(flaws: Flaw[], file: string): Finding[] {
  if (flaws.length === 0) return [];
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  return flaws.map(({ at, message }) => {
    const entry = map.findEntry(at.line - 1, at.column);
    if (!("originalSource" in entry)) {
      return { file: shownPath(file), line: at.line, column: at.column + 1, message };
    }
    return {
      file: shownPath(resolve(dirname(file), entry.originalSource)),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      message: `the emitted script won't run: ${message}: write it another way`,
    };
  });
}
