/**
 * The size table that a build prints.
 * @module
 */
import type { BuildResult } from "./index.ts";
import { shownPath } from "./project.ts";

/** A table for people: sizes in bytes and the share of the board's slot. */
export function showSizes(result: BuildResult): string {
  const { source, minified, gzip, slot } = result.sizes;
  const share = ((100 * minified) / slot).toFixed(1);
  const rows: [string, number, string][] = [
    ["TypeScript", source, ""],
    ["minified", minified, `${share} % of the slot of ${slot}`],
    ["gzip", gzip, "for orientation"],
  ];
  const lines = rows.map(
    ([label, bytes, note]) => `  ${label.padEnd(12)}${String(bytes).padStart(8)} bytes  ${note}`,
  );
  return [`${shownPath(result.firmware)} for ${result.board}`, ...lines]
    .map((line) => line.trimEnd())
    .join("\n");
}
