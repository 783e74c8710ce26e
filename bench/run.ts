/**
 * `npm run bench`: runs the benches, prints a table each, and keeps the figures in `results.json`.
 * Figures of speed come with the least possible, measured in the same run.
 * @module
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFigures } from "./frame/figures.ts";
import {
  committedResults,
  keepResult,
  type Result,
  type Results,
  readResults,
  showResults,
} from "./frame/results.ts";
import { type Bench, checkRows, isOver, type Row } from "./frame/row.ts";
import { showMiss, showTable } from "./frame/table.ts";
import { describeTools, howToGet, type Tool } from "./frame/tools.ts";

export type { Bench, Row } from "./frame/row.ts";

const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.slice(0, -3))
  .sort();

const usage = `usage: npm run bench -- [options] [NAME…]
  NAME     ${all.join(", ")};
           or what the names of several begin with, before a "-"; all without one
  --json   only the rows, as JSON
  --check  ends with code 1 when a row is over its budget, and names it
  --help   this text
The figures replace those of the same benches in bench/results.json, and those in the README.
Exit code: 0 measured; 1 a bench failed, or a row is over its budget with --check; 2 wrong use.`;

/** Wrong arguments. */
class UsageError extends Error {}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The benches that words name, each once. */
function chosen(words: string[]): string[] {
  for (const word of words) {
    if (!all.some((name) => isNamed(name, word)))
      throw new UsageError(`no bench is named "${word}": expected one of ${all.join(", ")}`);
  }
  return all.filter((name) => words.length === 0 || words.some((word) => isNamed(name, word)));
}

const isNamed = (name: string, word: string) => name === word || name.startsWith(`${word}-`);

/** Runs a bench; undefined when it can't run here, or failed. What is missing is told once each. */
async function measure(name: string, told: Set<Tool>): Promise<Result | undefined> {
  const module: Bench = await import(join(import.meta.dirname, `${name}.ts`));
  const uses = module.uses ?? [];
  try {
    const tools = await describeTools(uses);
    for (const tool of uses) {
      if (tools[tool] !== undefined || told.has(tool)) continue;
      console.error(`${howToGet(tool)}; rows that need it are skipped`);
      told.add(tool);
    }
    const rows = await module.bench();
    if (typeof rows !== "string") return { title: module.name, with: tools, rows: checkRows(rows) };
    console.error(`${name}: skipped: ${rows}`);
  } catch (error) {
    console.error(`${name}: failed: ${(error as Error).stack}`);
    process.exitCode = 1;
  }
  return undefined;
}

/** The table of a bench, with the change since the last commit. */
function show({ title, with: tools, rows }: Result, before: Row[] = []): string {
  const used = Object.values(tools);
  const tool = used.length > 0 ? [`  with ${used.join("; ")}`] : [];
  return [`\n${title}`, ...tool, showTable(rows, before)].join("\n");
}

async function main(): Promise<void> {
  const { values, positionals } = readOptions();
  if (values.help) return console.log(usage);
  const results: Results = {};
  const before = committedResults();
  const told = new Set<Tool>();
  for (const name of chosen(positionals)) {
    const result = await measure(name, told);
    if (result === undefined) continue;
    results[name] = result;
    if (!values.json) console.log(show(result, before[name]?.rows));
    const missing = keepResult(name, result);
    if (missing.length === 0) writeFigures(readResults());
    else
      console.error(
        `${name}: results.json keeps what was measured with ${missing.join(", ")}, too`,
      );
  }
  if (values.json) process.stdout.write(showResults(results));
  const over = Object.entries(results).flatMap(([name, { rows }]) =>
    rows.filter(isOver).map((row) => showMiss(name, row)),
  );
  if (over.length === 0) return;
  console.error(`\nover budget:\n${over.map((line) => `  ${line}`).join("\n")}`);
  if (values.check) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
