/**
 * One script from one entry: rollup with the project's configuration.
 * @module
 */
import { pathToFileURL } from "node:url";
import { type RollupOptions, rollup } from "rollup";
import type ts from "typescript-es5";
import { inProject } from "./project.ts";

/** What the configuration in `rollup.config.js` takes. */
export interface Bundle {
  /** Holds the entry and all it imports. */
  program: ts.Program;
  /** Module that starts everything, absolute. */
  entry: string;
  /** What `#board` means, absolute. */
  boardFile: string;
  /** Script to write, absolute; its source map goes beside it. */
  file: string;
  /** Begins every name at the script's top level. */
  prefix: string;
}

/** Writes one script and its source map; returns the TypeScript modules that it holds. */
export async function bundle(parts: Bundle): Promise<string[]> {
  const config = await import(pathToFileURL(inProject("rollup.config.js")).href);
  const { output, ...input } = config.default(parts) as RollupOptions;
  if (output === undefined || Array.isArray(output)) throw new Error("one output is expected");
  const built = await rollup(input);
  try {
    const written = await built.write(output);
    const { modules } = written.output[0];
    return Object.keys(modules).filter((id) => id.endsWith(".ts"));
  } finally {
    await built.close();
  }
}
