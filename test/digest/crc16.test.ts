import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import "../device-globals.ts";
import { crc16 } from "../../src/digest/crc16.ts";

/** The definition: bit by bit, reflected polynomial 0xA001. */
function defined(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

test("the check value and the block of Alibaba's documents", () => {
  assert.equal(crc16("123456789"), 0xbb3d);
  assert.equal(crc16("Hello, OTA block!"), 0x9c70);
  assert.equal(crc16(""), 0);
});

test("as defined, at every length up to three slices", () => {
  const bytes = randomBytes(1600);
  for (let length = 1; length <= bytes.length; length += length < 200 ? 1 : 13) {
    const part = bytes.subarray(0, length);
    assert.equal(crc16(part.toString("latin1")), defined(part), `${length} bytes`);
  }
  for (const length of [2048, 4096, 5120]) {
    const part = randomBytes(length);
    assert.equal(crc16(part.toString("latin1")), defined(part), `${length} bytes`);
  }
});

test("every single bit counts", () => {
  const bytes = randomBytes(600);
  const crc = crc16(bytes.toString("latin1"));
  for (let bit = 0; bit < 4800; bit += 7) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.notEqual(crc16(changed.toString("latin1")), crc, `bit ${bit}`);
  }
});
