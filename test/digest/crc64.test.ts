import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import "../device-globals.ts";
import { Crc64 } from "../../src/digest/crc64.ts";

/** The definition: bit by bit, reflected polynomial. */
function defined(bytes: Buffer): string {
  let crc = 2n ** 64n - 1n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return (crc ^ (2n ** 64n - 1n)).toString(16).padStart(16, "0");
}

function crc64(...pieces: string[]): string {
  const crc = new Crc64();
  for (const piece of pieces) crc.update(piece);
  return crc.hex;
}

test("the check value, whole and in pieces", () => {
  assert.equal(crc64("123456789"), "995dc9bbdf1939fa");
  assert.equal(crc64("1234", "", "56789"), "995dc9bbdf1939fa");
  assert.equal(crc64(), "0000000000000000");
});

test("as defined", () => {
  for (const length of [1, 2, 7, 64, 255, 256, 1000]) {
    const bytes = randomBytes(length);
    assert.equal(crc64(bytes.toString("latin1")), defined(bytes), `${length} bytes`);
  }
});
