/**
 * Holds a figure to what is committed of it.
 * @module
 */
import assert from "node:assert/strict";
import type { Results } from "../../bench/frame/results.ts";

/** Share by which a figure may be above the committed one. */
const SLACK = 0.02;

/** Why a figure is too much, or can't be compared; undefined when it is neither. */
export function objection(
  results: Results,
  bench: string,
  what: string,
  value: number,
): string | undefined {
  const command = `npm run bench -- ${bench}`;
  const row = results[bench]?.rows.find((one) => one.what === what);
  if (typeof row?.value !== "number") {
    return `bench/results.json has no "${what}" of ${bench}: run \`${command}\` and commit it`;
  }
  const limit = Math.floor(row.value * (1 + SLACK));
  if (value <= limit) return undefined;
  return (
    `${what}: ${value} ${row.unit}; committed are ${row.value}, the limit is ${limit}. ` +
    `If that is worth it: run \`${command}\`, and commit bench/results.json with the change`
  );
}

export function expectKept(results: Results, bench: string, what: string, value: number): void {
  assert.equal(objection(results, bench, what, value), undefined);
}
