/**
 * A bench's rows as a table for people.
 * @module
 */
import { budgetOf, isOver, type Row, ratioOf, rounded } from "./row.ts";

const HEAD = ["", "value", "", "floor", "ratio", "budget", ""];
/** Columns of numbers. */
const RIGHT = [1, 3, 4];

function cellsOf(row: Row): string[] {
  const { what, value, unit, floor } = row;
  const ratio = ratioOf(row);
  return [
    what,
    String(value),
    unit,
    floor === undefined ? "" : String(floor),
    ratio === undefined ? "" : String(rounded(ratio)),
    budgetOf(row) ?? "",
    isOver(row) ? "OVER" : "",
  ];
}

/** Lines of the table; columns that no row fills are left out. */
export function showTable(rows: Row[]): string {
  const cells = rows.map(cellsOf);
  const columns = HEAD.flatMap((_, at) => (cells.some((row) => row[at]) ? [at] : []));
  const lines = [HEAD, ...cells];
  const widths = columns.map((at) => Math.max(...lines.map((row) => row[at]?.length ?? 0)));
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
