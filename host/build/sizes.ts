/**
 * The size table that a build prints.
 * @module
 */
import type { BuildResult } from "./index.ts";
import type { MemoryFigures } from "./memory.ts";
import { shownPath } from "./project.ts";
import type { Figures } from "./size-history.ts";

type Row = [label: string, bytes: number, before: number | undefined, note: string];

/** ` (+12)`; nothing when it is the same, or not known. */
function change(now: number, before: number | undefined): string {
  if (before === undefined || before === now) return "";
  return `${now < before ? "−" : "+"}${Math.abs(now - before)}`;
}

/** A table for people: sizes in bytes, changes since the build before, the share of the slot. */
export function showSizes(result: BuildResult, before?: Figures): string {
  const { source, minified, packed, gzip, slot } = result.sizes;
  const last = before?.sizes;
  const share = ((100 * packed) / slot).toFixed(1);
  const ofSlot = `${share} % of the slot of ${slot}`;
  const rows: Row[] = [
    ["TypeScript", source, last?.source, ""],
    ["minified", minified, last?.minified, packed === minified ? ofSlot : ""],
    ...(packed === minified ? [] : [["in an image", packed, last?.packed, ofSlot] as Row]),
    ["gzip", gzip, last?.gzip, "for orientation"],
  ];
  return [`${shownPath(result.firmware)} for ${result.board}`, ...rows.map(showRow(last))].join(
    "\n",
  );
}

function showRow(last: object | undefined) {
  return ([label, bytes, before, note]: Row): string => {
    const changed = last ? change(bytes, before).padStart(7) : "";
    return `  ${label.padEnd(12)}${String(bytes).padStart(8)} bytes ${changed}  ${note}`.trimEnd();
  };
}

/** The same by the folder of the sources. */
export function showFolders({ folders }: Figures, before?: Figures): string {
  const names = [...new Set([...Object.keys(folders), ...Object.keys(before?.folders ?? {})])];
  const width = Math.max(...names.map((name) => name.length)) + 2;
  return names
    .map((name) => {
      const bytes = folders[name] ?? 0;
      const changed = before ? change(bytes, before.folders[name] ?? 0).padStart(7) : "";
      return `  ${name.padEnd(width)}${String(bytes).padStart(8)} bytes ${changed}`.trimEnd();
    })
    .join("\n");
}

/** One line on the interpreter's variables; an estimate is called one. */
export function showMemory({ jsVars, total, measured }: MemoryFigures): string {
  const share = total > 0 ? `, ${((100 * jsVars) / total).toFixed(1)} % of ${total}` : "";
  const how = measured
    ? "measured on the interpreter"
    : "estimated (the interpreter takes some 25 % more)";
  return `  ${"JsVars".padEnd(12)}${String(jsVars).padStart(8)} started, not connected${share}; ${how}`;
}
