import "../device-globals.ts";
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { verifyRsa } from "../../src/digest/rsa.ts";
import { buildProgram, engines, Run } from "../mqtt/interpreter.ts";
import { badVectors, edgeKeys, goodVector, randomKey, type Vector } from "./rsa-vectors.ts";

const key = randomKey();
const other = randomKey();
const edges = edgeKeys().map(([what, edge]) => goodVector(what, edge));
const bad = badVectors(key, other);

function verify({ modulus, signature, digest }: Vector): Promise<boolean> {
  return new Promise((resolve) => verifyRsa(modulus, signature, digest, resolve));
}

test("good signatures are taken, all others refused", async () => {
  const random = Array.from({ length: 8 }, (_, i) =>
    goodVector(`random key ${i}`, randomKey(), `text ${i}`),
  );
  const vectors = [goodVector("plain", key), ...edges, ...random, ...bad];
  await Promise.all(
    vectors.map(async (vector) => assert.equal(await verify(vector), vector.good, vector.what)),
  );
});

test("a changed bit in any byte of signature or digest is refused", async () => {
  const good = goodVector("", key);
  const flip = (text: string, at: number) =>
    text.slice(0, at) +
    String.fromCharCode(text.charCodeAt(at) ^ (1 << (at & 7))) +
    text.slice(at + 1);
  const changed = [
    ...Array.from(good.signature, (_, at) => ({ ...good, signature: flip(good.signature, at) })),
    ...Array.from(good.digest, (_, at) => ({ ...good, digest: flip(good.digest, at) })),
  ];
  const taken = (await Promise.all(changed.map(verify))).map((ok, at) => (ok ? at : -1));
  assert.deepEqual([...new Set(taken)], [-1]);
});

test("a modulus that is none of RSA-2048 is an error", () => {
  const bytes = Buffer.from(key.modulus, "base64");
  const even = Buffer.concat([bytes.subarray(0, 255), Buffer.from([2])]);
  const low = Buffer.concat([Buffer.from([127]), bytes.subarray(1)]);
  for (const wrong of [bytes.subarray(1), Buffer.concat([bytes, bytes]), even, low, Buffer.of()]) {
    assert.throws(
      () => verifyRsa(wrong.toString("base64"), "", "", () => {}),
      /expected the modulus of an RSA-2048 key/,
    );
  }
});

test("work that is stopped reports nothing", async () => {
  const { modulus, signature, digest } = goodVector("", key);
  let reported = 0;
  const stopped = verifyRsa(modulus, signature, digest, () => reported++);
  const later = verifyRsa(modulus, signature, digest, () => reported++);
  setTimeout(() => later.stop(), 5);
  stopped.stop();
  assert.equal(await verify(goodVector("", key)), true);
  assert.equal(reported, 0);
});

test("the same on the virtual board and the interpreters", async (t) => {
  const script = await buildProgram(join(import.meta.dirname, "device/rsa.ts"));
  const pick = ["short padding, garbage", "no NULL", "plus the modulus", "begins with a zero"];
  const vectors = [
    goodVector("plain", key),
    ...edges,
    ...bad.filter(({ what }) => pick.some((words) => what.includes(words))),
  ];
  const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");
  const cases = vectors.map((one) => [one.modulus, hex(one.signature), hex(one.digest)]);
  cases.push(["AAAA", "", ""]);
  for (const engine of engines()) {
    await t.test(engine.name, async () => {
      const run = new Run(engine, script, { cases });
      try {
        for (const [index, { what, good }] of vectors.entries()) {
          assert.equal(await run.line(`case ${index}`), good ? "good" : "bad", what);
        }
        assert.match(await run.line(`case ${vectors.length}`), /^error key: expected/);
        await run.line("done");
      } finally {
        await run.end();
      }
    });
  }
});
