/**
 * The program that changes settings on a board: sent into the interpreter's memory beside what runs
 * there, and gone when the board restarts.
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { inProject } from "../build/project.ts";

/** All that the program depends on; the compiler itself is in the lock file. */
const SOURCES = ["src", "boards", "host/build"];
const FILES = ["rollup.config.js", "package-lock.json"];

/** A key of the sources; most commands need no more, and the compiler takes a second to load. */
function sourceKey(): string {
  const hash = createHash("sha256");
  for (const folder of SOURCES) {
    for (const name of (readdirSync(inProject(folder), { recursive: true }) as string[]).sort()) {
      if (/\.(ts|js)$/.test(name)) hash.update(name).update(readFileSync(inProject(folder, name)));
    }
  }
  for (const name of FILES) hash.update(readFileSync(inProject(name)));
  return hash.digest("hex").slice(0, 16);
}

/** The program for a board file, kept in `.cache`. */
export async function setupScript(board: string): Promise<string> {
  const file = inProject(".cache/setup", `${board}-${sourceKey()}.js`);
  if (!existsSync(file)) {
    const { buildSetup } = await import("./setup-build.ts");
    await buildSetup(board, file);
  }
  return readFileSync(file, "latin1");
}
