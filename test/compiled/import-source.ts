/**
 * What runs compiled finds other modules by their sources' paths. The compiler leaves `import.meta` of
 * this module as it is.
 * @module
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The folder of all that is compiled, or the project's where nothing is. */
const top = join(import.meta.dirname, "../..");
const isCompiled = import.meta.filename.endsWith(".ts.js");
const root = isCompiled ? join(top, "../..") : top;

/** What a module's compiled file is called. */
export const compiledName = (source: string) => `${source}.js`;

/** The compiled file of a module; `undefined` where it is none of the project's, or nothing is compiled. */
export function compiledFile(source: string): string | undefined {
  const file = join(top, compiledName(relative(root, source)));
  return isCompiled && existsSync(file) ? file : undefined;
}

/**
 * Imports by a specifier that is found at run time in the source at an address; what is not compiled, e.g.
 * a board that a test has made, too.
 */
export async function importSource(specifier: string, from: string): Promise<unknown> {
  const isFile = /^(\.{0,2}\/|file:)/.test(specifier);
  if (!isFile) return import(specifier);
  const source = new URL(specifier, from);
  const compiled = compiledFile(fileURLToPath(source));
  if (compiled !== undefined) return import(pathToFileURL(compiled).href + source.search);
  const { tsImport } = await import("tsx/esm/api");
  return tsImport(source.href, import.meta.url);
}

/** Instead of a loader, in a thread that begins with what is compiled. */
export function register(): void {}
