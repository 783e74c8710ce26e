/**
 * What was typed before, kept in a file that only its owner can read; never a line that names a secret.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const LONGEST = 500;
const SECRET = /secret|password|passwd|token/i;

/** Newest first, as `readline` wants it. */
export function readHistory(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}

export function writeHistory(file: string, lines: string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const kept = lines.filter((line) => !SECRET.test(line)).slice(0, LONGEST);
  writeFileSync(file, kept.map((line) => `${line}\n`).join(""), { mode: 0o600 });
}
