/**
 * The frame of the benches: budgets, the table, what is kept; and what `npm run bench` says to wrong use.
 * @module
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { showResults } from "../../bench/frame/results.ts";
import { budgetOf, checkRows, isOver, type Row } from "../../bench/frame/row.ts";
import { showMiss, showTable } from "../../bench/frame/table.ts";
import { program } from "../compiled/program.ts";

const row = (rest: Partial<Row>): Row => ({ what: "it", value: 10, unit: "us", ...rest });

test("a row is over its budget above the limit, or above so many times the floor", () => {
  assert.ok(isOver(row({ most: 9 })));
  assert.ok(!isOver(row({ most: 10 })));
  assert.ok(isOver(row({ floor: 4, mostTimes: 2 })));
  assert.ok(!isOver(row({ floor: 5, mostTimes: 2 })));
  assert.ok(isOver(row({ most: 20, floor: 4, mostTimes: 2 })));
  assert.ok(!isOver(row({ goal: "less" })));
  assert.ok(isOver(row({ value: 1, most: 0 })));
});

test("rows that nobody could read are refused, and numbers are cut to four digits", () => {
  assert.throws(() => checkRows([row({}), row({})]), /two rows "it"/);
  assert.throws(() => checkRows([row({ value: Number.NaN })]), /"it": expected a number, not NaN/);
  assert.throws(() => checkRows([row({ mostTimes: 2 })]), /mostTimes without a floor/);
  assert.deepEqual(checkRows([row({ value: 1234.56, floor: 123456 })]), [
    row({ value: 1235, floor: 123456 }),
  ]);
});

test("the table shows floor, ratio, budget, and marks what is over it", () => {
  const rows = [row({ floor: 4, mostTimes: 2 }), row({ what: "more", value: "-", unit: "" })];
  assert.equal(
    showTable(rows),
    [
      "        value      floor  ratio  budget",
      "  it       10  us      4    2.5  <= 2 x floor  OVER",
      "  more      -",
    ].join("\n"),
  );
  const changed = showTable([row({}), row({ what: "less", value: 7 })], [row({ value: 8 })]);
  assert.match(changed, /change\n {2}it .*\+2$/m);
  assert.match(changed, /less +7 +us$/m, "no change from what was not measured");
  const plain = showTable([row({})]);
  assert.ok(!plain.includes("floor"), "columns that no row fills are left out");
  assert.equal(budgetOf(row({ most: 3, goal: "flat" })), "<= 3, flat");
  assert.equal(
    showMiss("size", row({ floor: 4, mostTimes: 2 })),
    "size: it: 10 us (2.5 x 4), budget <= 2 x floor",
  );
});

test("what is kept is JSON, sorted by bench, one row a line", () => {
  const result = { title: "T", with: {}, rows: [row({}), row({ what: "more" })] };
  const text = showResults({ b: result, a: result });
  assert.deepEqual(Object.keys(JSON.parse(text)), ["a", "b"]);
  assert.deepEqual(JSON.parse(text), { a: result, b: result });
  assert.equal(text.split("\n").filter((line) => line.includes('"what"')).length, 4);
});

/** Exit code and output of `npm run bench`. */
function bench(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const file = join(import.meta.dirname, "../../bench/run.ts");
  const command = [...program(file), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

test("unknown names and flags are told, with those that there are", async () => {
  const [name, flag] = await Promise.all([bench("sizes"), bench("--chek")]);
  assert.equal(name.code, 2);
  assert.match(name.err, /no bench is named "sizes": expected one of console, .*services/);
  assert.equal(flag.code, 2);
  assert.match(flag.err, /'--chek'/);
  assert.match(flag.err, /usage: npm run bench/);
});
