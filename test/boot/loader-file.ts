/**
 * The loader as it is flashed.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../host/build/index.ts";

const built = new Map<string, Promise<Buffer>>();

/** The minified loader for a board; built once. */
export function buildLoader(board: string): Promise<Buffer> {
  const loader = built.get(board) ?? buildAnew(board);
  built.set(board, loader);
  return loader;
}

async function buildAnew(board: string): Promise<Buffer> {
  const outDir = mkdtempSync(join(tmpdir(), "loader-"));
  try {
    const entry = join(import.meta.dirname, "device/nothing.ts");
    return readFileSync((await build({ board, entry, outDir, quiet: true })).boot0);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
