/**
 * What a chart is drawn from.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DataType } from "../../host/cloud/thing/tsl.ts";
import { numberMembers, seriesOf, thinned } from "../../host/console/series.ts";

const number: DataType = { type: "double", specs: {} };
const text: DataType = { type: "text", specs: {} };
const place: DataType = {
  type: "struct",
  specs: [
    { identifier: "x", name: "x", dataType: number },
    { identifier: "label", name: "label", dataType: text },
    { identifier: "deep", name: "deep", dataType: { type: "struct", specs: [] } },
  ],
};

test("numbers are drawn, and those in a struct", () => {
  assert.deepEqual(numberMembers(number), [""]);
  assert.deepEqual(numberMembers(place), ["x"]);
  assert.deepEqual(numberMembers(text), []);
});

test("a series leaves out what is no number", () => {
  const entries = [{ x: 1 }, null, { x: "2" }, { x: 3 }].map((value, index) => {
    return { identifier: "place", time: index, value };
  });
  assert.deepEqual(seriesOf(entries, "x"), { member: "x", times: [0, 3], values: [1, 3] });
});

test("many points become fewer, and no peak gets lost", () => {
  const times = Array.from({ length: 10_000 }, (_, index) => index);
  const values = times.map((time) => (time === 4321 ? 99 : time === 8765 ? -99 : time % 7));
  const series = { member: "", times, values };
  const few = thinned(series, 500);
  assert.ok(few.times.length <= 500, String(few.times.length));
  for (const time of [4321, 8765, 9999]) {
    const at = few.times.indexOf(time);
    assert.notEqual(at, -1, String(time));
    assert.equal(few.values[at], values[time]);
  }
  assert.deepEqual(
    few.times,
    [...few.times].sort((a, b) => a - b),
  );
  assert.equal(thinned(series, 10_000), series);
});
