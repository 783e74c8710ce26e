/**
 * The README's figures are those that are kept, in both languages.
 * @module
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FIGURES, figuresTable, readme, withFigures } from "../../bench/frame/figures.ts";
import { readResults, showResults } from "../../bench/frame/results.ts";
import { inProject } from "../../host/build/project.ts";

const results = readResults();

for (const language of ["en", "zh"] as const) {
  test(`the README's table (${language}) is what bench/results.json gives`, () => {
    const { is, shall } = readme(results, language);
    assert.equal(is, shall, "written by any run of `npm run bench`");
  });
}

test("what is kept is as the benches write it", () => {
  assert.equal(readFileSync(inProject("bench/results.json"), "utf8"), showResults(results));
});

test("a figure shows its floor and its budget, and whether that is missed", () => {
  const [figure] = FIGURES;
  assert.ok(figure);
  const row = { what: figure.what, value: 12345, unit: "bytes", floor: 5, most: 6, mostTimes: 2 };
  const kept = { [figure.bench]: { title: "", with: {}, rows: [row] } };
  const command = `\`npm run bench -- ${figure.bench}\``;
  const [, , en] = figuresTable(kept, "en").split("\n");
  assert.equal(en, `| ${figure.en} | 12,345 bytes | 5 | ≤ 6, ≤ 2 × **missed** | ${command} |`);
  const [, , zh] = figuresTable(kept, "zh").split("\n");
  assert.equal(zh, `| ${figure.zh} | 12,345 字节 | 5 | ≤ 6, ≤ 2 × **未达到** | ${command} |`);
  assert.throws(() => withFigures("# no marks", ""), /no place for figures/);
});
