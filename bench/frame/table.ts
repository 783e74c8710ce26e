/**
 * A bench's rows as a table for people.
 * @module
 */
import { budgetOf, isOver, type Row, ratioOf, rounded } from "./row.ts";

const HEAD = ["", "value", "", "change", "floor", "ratio", "budget", ""];
/** Columns of numbers. */
const RIGHT = [1, 3, 4, 5];
/** Longer texts stand out of their column. */
const LONGEST = 60;

/** How much more it is than before, e.g. `+12`; nothing for what is no count, and differs by chance. */
function changeOf({ value }: Row, before: Row | undefined): string {
  if (!Number.isInteger(value) || !Number.isInteger(before?.value)) return "";
  const change = Number(value) - Number(before?.value);
  return change > 0 ? `+${change}` : change < 0 ? String(change) : "";
}

function cellsOf(row: Row, before: Row[]): string[] {
  const { what, value, unit, floor } = row;
  const ratio = ratioOf(row);
  return [
    what,
    String(value),
    unit,
    changeOf(
      row,
      before.find((one) => one.what === what && one.unit === unit),
    ),
    floor === undefined ? "" : String(floor),
    ratio === undefined ? "" : String(rounded(ratio)),
    budgetOf(row) ?? "",
    isOver(row) ? "OVER" : "",
  ];
}

const lengthOf = (cell = "") => (cell.length > LONGEST ? 0 : cell.length);

/**
 * Lines of the table; columns that no row fills are left out.
 * @param before rows to show the change from
 */
export function showTable(rows: Row[], before: Row[] = []): string {
  const cells = rows.map((row) => cellsOf(row, before));
  const columns = HEAD.flatMap((_, at) => (cells.some((row) => row[at]) ? [at] : []));
  const lines = [HEAD, ...cells];
  const widths = columns.map((at) => Math.max(...lines.map((row) => lengthOf(row[at]))));
  const showLine = (row: string[]) =>
    columns
      .map((at, i) => {
        const [cell = "", width = 0] = [row[at], widths[i]];
        return RIGHT.includes(at) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return lines.map((row) => `  ${showLine(row)}`).join("\n");
}

/** One line on a row that is above its budget. */
export function showMiss(bench: string, row: Row): string {
  const ratio = ratioOf(row);
  const times = ratio === undefined ? "" : ` (${rounded(ratio)} x ${row.floor})`;
  return `${bench}: ${row.what}: ${row.value} ${row.unit}${times}, budget ${budgetOf(row)}`;
}
