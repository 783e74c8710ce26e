/**
 * The loader as it is flashed.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../host/build/index.ts";

/** The minified loader for a board. */
export async function buildLoader(board: string): Promise<Buffer> {
  const outDir = mkdtempSync(join(tmpdir(), "loader-"));
  try {
    const entry = join(import.meta.dirname, "device/nothing.ts");
    return readFileSync((await build({ board, entry, outDir, quiet: true })).boot0);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
