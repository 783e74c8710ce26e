import "../device-globals.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { crc32 } from "../../host/image/crc32.ts";
import { HEADER_BYTES, packImage } from "../../host/image/image.ts";
import { generateKey, publicModulus } from "../../host/image/keys.ts";
import { md5Of } from "../../src/digest/md5-turns.ts";
import { parseHeader } from "../../src/ota/image.ts";
import { checkSignature, sha256Hex } from "../../src/ota/verify.ts";
import { sampleParts } from "./images.ts";

const privateKey = generateKey();
const modulus = publicModulus(privateKey);
const image = packImage({ ...sampleParts, privateKey });
const header = image.subarray(0, HEADER_BYTES);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

function check(bytes: Uint8Array, keys: string[]): Promise<boolean> {
  return new Promise((resolve) => checkSignature(text(bytes), keys, resolve));
}

test("a changed bit in any byte of a header is refused, its CRC-32 put right or not", async () => {
  const taken: number[] = [];
  let readable = 0;
  const checks: Promise<void>[] = [];
  for (let at = 0; at < HEADER_BYTES; at++) {
    const changed = Buffer.from(header);
    changed[at] = (changed[at] as number) ^ (1 << (at % 7));
    if (at >= 16 && at < 768) {
      const sum = crc32(changed.subarray(16, 768)).toString(16).padStart(8, "0");
      changed.write(sum, 8, "latin1");
    }
    try {
      parseHeader(text(changed));
      readable++;
    } catch {}
    checks.push(check(changed, [modulus]).then((ok) => void (ok && taken.push(at))));
  }
  await Promise.all(checks);
  assert.deepEqual(taken, []);
  // Else the signature would have had nothing to protect.
  assert.ok(readable > 256, `${readable} could be read`);
});

test("any of the keys may have signed; unsigned and foreign images are refused", async () => {
  const [first, second] = [publicModulus(generateKey()), publicModulus(generateKey())];
  assert.equal(await check(header, [modulus]), true);
  assert.equal(await check(header, [first, modulus]), true);
  assert.equal(await check(header, [modulus, first]), true);
  assert.equal(await check(header, [first, second]), false);
  assert.equal(await check(packImage(sampleParts).subarray(0, HEADER_BYTES), [modulus]), false);
  const other = packImage({ ...sampleParts, version: "1.1.1", privateKey });
  const swapped = Buffer.concat([header.subarray(0, 768), other.subarray(768, HEADER_BYTES)]);
  assert.equal(await check(swapped, [modulus]), false);
  assert.equal(await check(header.subarray(0, 1000), [modulus]), false);
});

test("keys are looked at before any work", () => {
  for (const keys of [["AAAA"], [modulus, modulus.slice(4)]]) {
    assert.throws(() => checkSignature(text(header), keys, () => {}), /RSA-2048/);
  }
});

test("a stopped check reports nothing, with keys left or not", async () => {
  let reported = 0;
  const work = checkSignature(text(header), [modulus, modulus], () => reported++);
  work.stop();
  assert.equal(await check(header, [modulus]), true);
  assert.equal(reported, 0);
});

test("digests of any part, as OpenSSL has them", async () => {
  const hex = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");
  assert.equal(sha256Hex(text(image)), hex("sha256", image));
  const read = (offset: number, length: number) => text(image.subarray(offset, offset + length));
  for (const [from, length] of [
    [0, 0],
    [0, 1],
    [5, 64],
    [1, 128],
    [1024, image.length - 1024],
    [0, image.length],
  ] as const) {
    const md5 = await new Promise((resolve) => md5Of(read, from, length, resolve));
    assert.equal(md5, hex("md5", image.subarray(from, from + length)), `${from} ${length}`);
  }
});
