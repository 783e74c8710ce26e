/**
 * The figures of a build, kept beside it with those of the one before, so that each build can say what
 * a change has cost.
 * @module
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { BuildResult, Sizes } from "./index.ts";
import { shownPath } from "./project.ts";

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
  const history: History = { id, sizes: result.sizes, folders: folderBytes(result) };
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

/** Bytes of the script that came from each folder, by its source map. */
function folderBytes({ firmware, map: mapFile }: BuildResult): Record<string, number> {
  const script = readFileSync(firmware, "latin1");
  const map = new SourceMap(JSON.parse(readFileSync(mapFile, "utf8")));
  const bytes = new Map<string, number>();
  let line = 0;
  let column = 0;
  for (const ch of script) {
    const entry = map.findEntry(line, column);
    const source = "originalSource" in entry ? entry.originalSource : undefined;
    const folder =
      source === undefined ? "–" : dirname(shownPath(resolve(dirname(firmware), source)));
    bytes.set(folder, (bytes.get(folder) ?? 0) + 1);
    column++;
    if (ch !== "\n") continue;
    line++;
    column = 0;
  }
  return Object.fromEntries([...bytes].sort((one, other) => other[1] - one[1]));
}
