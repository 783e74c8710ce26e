/**
 * Builds the program that changes settings on a board, as the firmware is built.
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { boardFile } from "../build/boards.ts";
import { bundle } from "../build/bundle.ts";
import { createProgram } from "../build/program.ts";
import { inProject } from "../build/project.ts";
import { aliasesOf } from "../build/sources.ts";

const ENTRY = "src/setup/setup.ts";
/** Begins the program's own names, which must not be the firmware's. */
const PREFIX = "$s";

/** Writes the program for a board file to `file`. */
export async function buildSetup(board: string, file: string): Promise<void> {
  const entry = inProject(ENTRY);
  const parts = { entry, aliases: aliasesOf(boardFile(board)), prefix: PREFIX };
  const program = createProgram([entry], parts.aliases);
  mkdirSync(dirname(file), { recursive: true });
  const work = mkdtempSync(`${file}.`);
  try {
    const made = join(work, "setup.js");
    const { findings } = await bundle({ ...parts, program, file: made });
    if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join("\n"));
    // At once, for another command may be looking; older ones are of no use any more.
    renameSync(made, file);
    const older = new RegExp(`^${board}-[0-9a-f]+\\.js$`);
    for (const name of readdirSync(dirname(file))) {
      if (older.test(name) && name !== basename(file)) {
        rmSync(join(dirname(file), name), { force: true });
      }
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}
