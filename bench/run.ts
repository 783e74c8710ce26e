/**
 * `npm run bench [-- words]`: runs the benches whose names contain any of the words, or all, and
 * prints one table each. Figures of speed are ratios within one run.
 * @module
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** One line of a bench's table. */
export interface Row {
  what: string;
  value: number | string;
  unit: string;
  /** The goal in words, e.g. `"<= 1200"`. */
  goal?: string;
}

/** What each file of this folder exports; a bench that can't run returns why as a text. */
interface Bench {
  name: string;
  bench(): Promise<Row[] | string>;
}

const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`no bench is named ${words.map((word) => `"${word}"`).join(" or ")}`);
  process.exit(2);
}

for (const file of files) {
  const module: Bench = await import(join(import.meta.dirname, file));
  const rows = await module.bench();
  console.log(`\n${module.name}`);
  if (typeof rows === "string") {
    console.log(`  skipped: ${rows}`);
    continue;
  }
  const width = Math.max(...rows.map((row) => row.what.length));
  for (const { what, value, unit, goal } of rows) {
    const shown = typeof value === "number" ? Number(value.toPrecision(4)).toString() : value;
    const wish = goal ? `  (goal ${goal})` : "";
    console.log(`  ${what.padEnd(width)}  ${shown.padStart(8)} ${unit}${wish}`);
  }
}
