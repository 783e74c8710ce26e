/**
 * Where the project's files are.
 * @module
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder, absolute. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** An absolute path below the root. */
export function inProject(...parts: string[]): string {
  return join(root, ...parts);
}

/** `file` as people read it: relative to the repository's root, with `/`. */
export function shownPath(file: string): string {
  return relative(root, file).replaceAll("\\", "/");
}
