import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { hexToBytes, toHex } from "../../src/text/hex.ts";

const all = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet));

test("all bytes to hexadecimal, from each kind of bytes, and back", () => {
  const hex = all.toString("hex");
  assert.equal(toHex(all.toString("latin1")), hex);
  assert.equal(toHex(new Uint8Array(all)), hex);
  assert.equal(toHex(new Uint8Array(all).buffer), hex);
  assert.equal(hexToBytes(hex), all.toString("latin1"));
  assert.equal(hexToBytes(hex.toUpperCase()), all.toString("latin1"));
});

test("text that is not hexadecimal is refused with the place", () => {
  assert.throws(() => hexToBytes("abc"), /odd length of 3/);
  assert.throws(() => hexToBytes("00g0"), /position 2: "g0"/);
});
