/**
 * From what was typed into a form to the value that the platform gets.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DataType } from "../../host/cloud/thing/tsl.ts";
import {
  type Draft,
  draftOf,
  type Problems,
  parseDraft,
  parseDrafts,
} from "../../host/console/page/form/draft.ts";

const int: DataType = { type: "int", specs: { min: "0", max: "100" } };
const double: DataType = { type: "double", specs: {} };
const text: DataType = { type: "text", specs: { length: "5" } };
const date: DataType = { type: "date", specs: {} };
const flag: DataType = { type: "bool", specs: { "0": "off", "1": "on" } };
const place: DataType = {
  type: "struct",
  specs: [
    { identifier: "x", name: "x", dataType: double },
    { identifier: "label", name: "label", dataType: text },
  ],
};
const list: DataType = { type: "array", specs: { size: "2", item: int } };

function parsed(draft: Draft, dataType: DataType): { value: unknown; problems: object } {
  const problems: Problems = new Map();
  const value = parseDraft(draft, dataType, "it", problems);
  return { value, problems: Object.fromEntries(problems) };
}

const good = (value: unknown) => ({ value, problems: {} });
const bad = (path: string, problem: unknown) => ({ [path]: problem });

test("what is typed becomes a value of the type", () => {
  assert.deepEqual(parsed(" 42 ", int), good(42));
  assert.deepEqual(parsed("-1.5e3", double), good(-1500));
  assert.deepEqual(parsed(" a b ", text), good(" a b "));
  assert.deepEqual(parsed("1", flag), good(1));
  assert.deepEqual(parsed({ x: "1.5", label: "" }, place), good({ x: 1.5 }));
  assert.deepEqual(parsed(["1", "2"], list), good([1, 2]));
  const time = parsed("2026-01-02T03:04:05Z", date);
  assert.deepEqual(time, good("1767323045000"));
});

test("nothing typed is no value", () => {
  assert.deepEqual(parsed("", int), good(undefined));
  assert.deepEqual(parsed({ x: "", label: "" }, place), good(undefined));
  assert.deepEqual(parsed([], list), good(undefined));
});

test("what does not fit is said at its field", () => {
  assert.deepEqual(parsed("4x", int).problems, bad("it", "number"));
  assert.deepEqual(parsed("4.5", int).problems, bad("it", "whole"));
  assert.deepEqual(
    parsed("101", int).problems,
    bad("it", { code: 6306, text: "value is above 100", problem: { kind: "above", max: "100" } }),
  );
  assert.deepEqual(parsed("soon", date).problems, bad("it", "date"));
  assert.deepEqual(parsed({ x: "1", label: "too long" }, place).problems, {
    "it.label": {
      code: 6310,
      text: "text is longer than 5 characters",
      problem: { kind: "length", most: 5 },
    },
  });
  assert.deepEqual(parsed(["1", ""], list).problems, bad("it.1", "required"));
  assert.deepEqual(
    parsed(["1", "2", "3"], list).problems,
    bad("it", {
      code: 6324,
      text: "array has more than 2 elements",
      problem: { kind: "size", most: 2 },
    }),
  );
});

test("of a service's input, what is empty is left out", () => {
  const problems: Problems = new Map();
  const parameters = [
    { identifier: "a", name: "a", dataType: int },
    { identifier: "b", name: "b", dataType: text },
  ];
  assert.deepEqual(parseDrafts({ a: "5", b: "" }, parameters, problems), { a: 5 });
  assert.equal(problems.size, 0);
});

test("a value that is there is a draft that gives it again", () => {
  const cases: [unknown, DataType][] = [
    [42, int],
    [0, flag],
    ["text", text],
    ["1767323045000", date],
    [{ x: 1.5, label: "a" }, place],
    [[1, 2], list],
  ];
  for (const [value, dataType] of cases) {
    assert.deepEqual(parsed(draftOf(value, dataType), dataType), good(value));
  }
});
