import "../device-globals.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { Md5 } from "../../src/digest/md5.ts";

test("MD5 agrees with OpenSSL at every length around a block, and in pieces", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 37 + length) & 255));
    const expected = createHash("md5").update(bytes).digest("binary");
    const whole = new Md5();
    whole.update(bytes.toString("latin1"));
    assert.equal(whole.digest(), expected, `length ${length}`);
    const pieces = new Md5();
    for (let at = 0; at < length; at += 17) pieces.update(bytes.toString("latin1", at, at + 17));
    assert.equal(pieces.digest(), expected, `length ${length} in pieces`);
  }
});
