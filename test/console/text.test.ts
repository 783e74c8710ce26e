/**
 * The page says everything in both languages.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chinese } from "../../host/console/page/text/chinese.ts";
import { english } from "../../host/console/page/text/english.ts";
import { findFaults, type Schema, schema } from "../../host/provision/index.ts";

/** Names that are the same in both. */
const NAMES =
  /^(|zh-CN|RRPC|Topic|Wi-Fi|TLS|200|-|ProductKey|DeviceName|ProductSecret|DeviceSecret)$/;

/** Paths of all words; of functions, what they say of `undefined` members. */
function wordsIn(words: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const at = `${path}${key}`;
    if (typeof value === "object") {
      for (const [inner, text] of wordsIn(value, `${at}.`)) found.set(inner, text);
    } else found.set(at, typeof value === "string" ? value : "");
  }
  return found;
}

test("no message is missing in a language", () => {
  const [own, other] = [wordsIn(english), wordsIn(chinese)];
  assert.deepEqual([...other.keys()].sort(), [...own.keys()].sort());
  for (const [path, text] of other) {
    assert.ok(NAMES.test(text) || /\p{Script=Han}/u.test(text), `${path} is not Chinese: ${text}`);
  }
});

test("each rule of a setting's form is told in Chinese", () => {
  const settings = {
    productKey: "a b",
    productSecret: " ",
    deviceName: "?",
    deviceSecret: " ",
    server: "?",
    qos: 2,
    keepalive: 1,
    tls: "yes",
    wifi: [{ ssid: "", password: "short" }, { ssid: "x".repeat(33) }],
    cellular: { apn: '"', user: '"', password: '"', pin: "x", port: '"' },
  };
  const faults = [
    ...findFaults(settings),
    ...findFaults({ devicename: "x", wifi: [] }),
    ...findFaults({ ...GOOD, wifi: Array.from({ length: 11 }, () => ({ ssid: "x" })) }),
    ...findFaults({ ...GOOD, server: "h:99999" }),
    ...findFaults({ ...GOOD, cellular: { user: "me" } }),
    ...findFaults({ ...GOOD, deviceSecret: "" }),
    ...findFaults({ ...GOOD, wifi: [{ ssid: "中".repeat(11) }] }),
    ...findFaults({ ...GOOD, app: { text: "x".repeat(4000) } }),
    ...findFaults(GOOD, "wifi"),
  ];
  const words = chinese.bluetooth.problems as Record<string, (problem: object) => string>;
  const kinds = new Set<string>();
  for (const { field, text, problem } of faults) {
    assert.ok(problem, `${field} ${text}: no problem for programs`);
    kinds.add(problem.kind);
    assert.match(words[problem.kind]?.(problem) ?? "", /\p{Script=Han}/u, `${field} ${text}`);
  }
  assert.deepEqual([...kinds].sort(), Object.keys(words).sort());
});

test("each pattern of a setting is told in Chinese", () => {
  const patterns = (of: Schema, field: string): string[] => {
    if (of.items) return patterns(of.items, `${field}[]`);
    const inner = Object.entries(of.properties ?? {}).flatMap(([name, at]) =>
      patterns(at, field === "" ? name : `${field}.${name}`),
    );
    return of.patternErrorMessage === undefined ? inner : [field, ...inner];
  };
  const fields = patterns(schema, "");
  assert.ok(fields.length > 8);
  for (const field of fields) {
    assert.match(chinese.bluetooth.problems.pattern({ field }), /\p{Script=Han}/u, field);
  }
});

const GOOD = {
  productKey: "a1B2c3D4e5F",
  deviceName: "tracker",
  deviceSecret: "0".repeat(32),
  server: "127.0.0.1:1883",
};
