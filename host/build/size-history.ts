/**
 * The figures of a build, kept beside it with those of the one before, so that each build can say what
 * a change has cost.
 * @module
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildResult, Sizes } from "./index.ts";
import { bytesBySource } from "./source-bytes.ts";

/** What is known of one build. */
export interface Figures {
  /** Of the script, as in `host/trace`. */
  id: string;
  sizes: Sizes;
  /** Bytes of the minified script by the folder of the sources. */
  folders: Record<string, number>;
}

export interface History extends Figures {
  /** The last build that was another; missing after the first. */
  before?: Figures;
}

const FILE = "sizes.json";

/** What is kept in a build's folder; undefined when nothing is. */
export function readHistory(dir: string): History | undefined {
  const file = join(dir, FILE);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Keeps the figures of a build; `id` is its script's. */
export function recordSizes(result: BuildResult, id: string): History {
  const known = readHistory(result.dir);
  if (known?.id === id) return known;
  const history: History = { id, sizes: result.sizes, folders: bytesBySource(result, dirname) };
  if (known) {
    const { before: _, ...last } = known;
    history.before = last;
  }
  const file = join(result.dir, FILE);
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify(history));
  renameSync(next, file);
  return history;
}
