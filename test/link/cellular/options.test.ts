import assert from "node:assert/strict";
import test from "node:test";
import { checkSettings } from "../../../src/link/cellular/options.ts";
import type { CellularSettings } from "../../../src/link/link.ts";

const check = (settings: unknown) => checkSettings(settings as CellularSettings);

test("settings that can work are taken as they are, also none", () => {
  const settings = { apn: "cmnet", user: "u", password: "p&:", pin: "0000", roaming: true };
  assert.deepEqual(check(settings), settings);
  assert.deepEqual(check(undefined), {});
});

for (const [name, value] of [
  ["apn", 'a"b'],
  ["apn", "a\r\nATH"],
  ["apn", "x".repeat(101)],
  ["user", 7],
  ["password", 's3cret"'],
  ["port", "\0"],
  ["pin", "123"],
  ["pin", "123456789"],
  ["pin", "12a4"],
  ["pin", 1234],
  ["roaming", "yes"],
] as const) {
  test(`${name} ${JSON.stringify(value).slice(0, 20)} is refused by its name, never by its value`, () => {
    const settings = { apn: "cmnet", [name]: value };
    assert.throws(
      () => check(settings),
      (error: Error) =>
        error.message.includes(`cellular.${name}`) && !error.message.includes(String(value)),
    );
  });
}

test("a user without an access point, or settings of another kind, are refused", () => {
  assert.throws(() => check({ user: "u", password: "p" }), /"cellular.apn"/);
  assert.throws(() => check("cmnet"), /"cellular" must be an object/);
});
