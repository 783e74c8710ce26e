/**
 * The size table that a build prints.
 * @module
 */
import type { BuildResult } from "./index.ts";
import { shownPath } from "./project.ts";

type Row = [label: string, bytes: number, note: string];

/** A table for people: sizes in bytes and the share of the board's slot. */
export function showSizes(result: BuildResult): string {
  const { source, minified, packed, gzip, slot } = result.sizes;
  const share = ((100 * packed) / slot).toFixed(1);
  const ofSlot = `${share} % of the slot of ${slot}`;
  const rows: Row[] = [
    ["TypeScript", source, ""],
    ["minified", minified, packed === minified ? ofSlot : ""],
    ...(packed === minified ? [] : [["in an image", packed, ofSlot] as Row]),
    ["gzip", gzip, "for orientation"],
  ];
  const lines = rows.map(
    ([label, bytes, note]) => `  ${label.padEnd(12)}${String(bytes).padStart(8)} bytes  ${note}`,
  );
  return [`${shownPath(result.firmware)} for ${result.board}`, ...lines]
    .map((line) => line.trimEnd())
    .join("\n");
}
