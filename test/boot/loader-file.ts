/**
 * The loader as it is flashed.
 * @module
 */
import { readFileSync } from "node:fs";
import { build } from "../../host/build/index.ts";

const built = new Map<string, Promise<Buffer>>();

/** The minified loader for a board, of its firmware's build. */
export function buildLoader(board: string): Promise<Buffer> {
  const loader =
    built.get(board) ?? build({ board, quiet: true }).then(({ boot0 }) => readFileSync(boot0));
  built.set(board, loader);
  return loader;
}
