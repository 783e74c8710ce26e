/**
 * Packed scripts against heatshrink itself, as the interpreter has it.
 * @module
 */
/// <reference path="../../host/heatshrink.d.ts" />
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import heatshrink from "espruino/libs/heatshrink.js";
import { packScript } from "../../host/image/pack-script.ts";

/** Numbers that look random, from 0 to `below`. */
function* numbers(below: number): Generator<number, never> {
  for (let seed = 1; ; seed = (seed * 48271) % 2147483647) yield seed % below;
}

function texts(): Buffer[] {
  const words = numbers(7);
  const letters = numbers(256);
  const scripts = ["host/image/pack-script.ts", "src/mqtt/session.ts"];
  return [
    "",
    "a",
    "ab".repeat(500),
    "x".repeat(3000),
    Array.from({ length: 5000 }, () => "wordy".slice(0, words.next().value)).join(" "),
    Buffer.from(Array.from({ length: 4000 }, () => letters.next().value)),
    ...scripts.map((name) => readFileSync(join(import.meta.dirname, "../..", name))),
  ].map((text) => Buffer.from(text as string));
}

test("is unpacked to the same bytes, and takes no more room than by heatshrink itself", () => {
  for (const bytes of texts()) {
    const packed = packScript(bytes);
    const back = packed.length ? Buffer.from(heatshrink.decompress(packed)) : packed;
    assert.ok(back.equals(bytes), `${bytes.length} bytes`);
    assert.ok(packed.length <= heatshrink.compress(bytes).length + 1);
  }
});

test("a script gets shorter by more than 1 % than by the longest match at each place", () => {
  const script = readFileSync(join(import.meta.dirname, "../../src/mqtt/session.ts"));
  const [best, greedy] = [packScript(script).length, heatshrink.compress(script).length];
  assert.ok(best < greedy * 0.99, `${best} and ${greedy}`);
});
