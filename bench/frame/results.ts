/**
 * The figures that are kept: `bench/results.json`, committed, by bench. It has no dates, and changes
 * only where figures do.
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Row } from "./row.ts";
import type { Tool } from "./tools.ts";

/** What one bench gave. */
export interface Result {
  title: string;
  /** What it was measured with, besides Node. */
  with: Partial<Record<Tool, string>>;
  rows: Row[];
}

/** By the bench's file name without its ending. */
export type Results = Record<string, Result>;

const FILE = join(import.meta.dirname, "../results.json");

/** What is kept; nothing before the first run. */
export function readResults(): Results {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
}

/** What the last commit holds; nothing where there is none. */
export function committedResults(): Results {
  try {
    const text = execFileSync("git", ["show", "HEAD:./results.json"], {
      cwd: dirname(FILE),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Sorted by bench, one row a line, so that a change is easy to see. */
export function showResults(results: Results): string {
  const benches = Object.keys(results)
    .sort()
    .map((name) => {
      const { title, with: tools, rows } = results[name] as Result;
      const lines = rows.map((row) => `      ${JSON.stringify(row)}`).join(",\n");
      return `  ${JSON.stringify(name)}: {
    "title": ${JSON.stringify(title)},
    "with": ${JSON.stringify(tools)},
    "rows": [
${lines}
    ]
  }`;
    });
  return `{\n${benches.join(",\n")}\n}\n`;
}

/**
 * Keeps a bench's result in place of its last one. Not when that was measured with a tool that this
 * one lacks: rows would be lost. Returns the tools that are missing.
 */
export function keepResult(name: string, result: Result): Tool[] {
  // Another bench may have ended meanwhile.
  const results = readResults();
  const missing = (Object.keys(results[name]?.with ?? {}) as Tool[]).filter(
    (tool) => result.with[tool] === undefined,
  );
  if (missing.length > 0) return missing;
  const next = `${FILE}.${process.pid}`;
  writeFileSync(next, showResults({ ...results, [name]: result }));
  renameSync(next, FILE);
  return [];
}
