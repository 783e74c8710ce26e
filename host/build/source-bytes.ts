/**
 * What a script's bytes come from, by its source map.
 * @module
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import type { BuildResult } from "./index.ts";
import { shownPath } from "./project.ts";

/** Stands for the bytes that no source is known of. */
export const NO_SOURCE = "–";

/**
 * Bytes of the minified script by what they come from, most first.
 * @param nameOf what a source counts as; it gets the source's path from the root
 */
export function bytesBySource(
  { firmware, map: mapFile }: Pick<BuildResult, "firmware" | "map">,
  nameOf: (file: string) => string,
): Record<string, number> {
  const script = readFileSync(firmware, "latin1");
  const map = new SourceMap(JSON.parse(readFileSync(mapFile, "utf8")));
  const bytes = new Map<string, number>();
  let line = 0;
  let column = 0;
  for (const ch of script) {
    const entry = map.findEntry(line, column);
    const source = "originalSource" in entry ? entry.originalSource : undefined;
    const name =
      source === undefined ? NO_SOURCE : nameOf(shownPath(resolve(dirname(firmware), source)));
    bytes.set(name, (bytes.get(name) ?? 0) + 1);
    column++;
    if (ch !== "\n") continue;
    line++;
    column = 0;
  }
  return Object.fromEntries([...bytes].sort((one, other) => other[1] - one[1]));
}
