/**
 * One script from one entry: rollup with the project's configuration, and a last look at the
 * result.
 * @module
 */
import { writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type RollupOptions, rollup } from "rollup";
import { plainCode } from "../tokens/plain.ts";
import type { Finding } from "./check.ts";
import { globalNames } from "./globals.ts";
import { inProject, shownPath } from "./project.ts";
import { findFlaws } from "./script/net.ts";
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

/** Writes one script, whose characters are bytes, and its source map. */
export async function bundle(parts: Bundle): Promise<Bundled> {
  const config = await import(pathToFileURL(inProject("rollup.config.js")).href);
  const { output, ...input } = config.default(parts) as RollupOptions;
  if (output === undefined || Array.isArray(output)) throw new Error("one output is expected");
  const built = await rollup(input);
  try {
    const { code, map, modules } = (await built.generate(output)).output[0];
    if (map === null) throw new Error("a source map is expected");
    writeFileSync(parts.file, code, "latin1");
    writeFileSync(`${parts.file}.map`, map.toString());
    const plain = plainCode(code);
    const flaws = findFlaws(plain.text, globalNames(parts.program));
    const placed = flaws.map(({ at, message }) => ({ column: plain.inCode(at.column), message }));
    return {
      modules: Object.keys(modules).filter((id) => id.endsWith(".ts")),
      findings: placed.length > 0 ? locate(placed, map.toString(), parts.file) : [],
    };
  } finally {
    await built.close();
  }
}

/** Follows the source map of a script, which is one line, back to the sources; columns from 0. */
function locate(
  flaws: { column: number; message: string }[],
  map: string,
  file: string,
): Finding[] {
  const places = new SourceMap(JSON.parse(map));
  return flaws.map(({ column, message }) => {
    const entry = places.findEntry(0, column);
    if (!("originalSource" in entry)) {
      return { file: shownPath(file), line: 1, column: column + 1, message };
    }
    return {
      file: shownPath(resolve(dirname(file), entry.originalSource)),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      message: `the emitted script won't run: ${message}: write it another way`,
    };
  });
}
