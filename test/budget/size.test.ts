/**
 * Bundles do not grow beyond what is committed in `bench/results.json`.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type App, buildApp } from "../../bench/frame/builds.ts";
import { readResults } from "../../bench/frame/results.ts";
import { rowName } from "../../bench/size.ts";
import { expectKept, objection } from "./kept.ts";

const results = readResults();

const BUNDLES: [board: string, app: App][] = [
  ["esp32", "least"],
  ["esp32-ec600n", "least"],
  ["linux", "least"],
  ["esp32", "sample"],
  ["linux", "sample"],
];

for (const [board, app] of BUNDLES) {
  test(`the bundle for ${board} with the ${app} application is as small as before`, async () => {
    const { sizes } = await buildApp(board, app);
    expectKept(results, "size", rowName(board, app), sizes.minified);
  });
}

test("more than 2 % is too much, and it is said what to do", () => {
  const rows = [{ what: "it", value: 1000, unit: "bytes" }];
  const kept = { size: { title: "", with: {}, rows } };
  assert.equal(objection(kept, "size", "it", 1020), undefined);
  const text = objection(kept, "size", "it", 1021);
  assert.match(text ?? "", /^it: 1021 bytes; committed are 1000, the limit is 1020\./);
  assert.match(text ?? "", /`npm run bench -- size`, and commit bench\/results\.json/);
  assert.match(objection(kept, "size", "other", 1) ?? "", /has no "other" of size/);
  assert.match(objection({}, "memory", "it", 1) ?? "", /`npm run bench -- memory`/);
});
