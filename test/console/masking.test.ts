/**
 * What the page is not shown of messages.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shownPayload } from "../../host/console/masking.ts";

const shown = (text: string) => shownPayload(Buffer.from(text));

test("addresses of downloads are shown without their signature", () => {
  const url = "http://127.0.0.1:1/ota/a/b.bin?Expires=1&OSSAccessKeyId=x&Signature=abc%3D";
  assert.equal(
    shown(`{"url":"${url}","size":5}`),
    '{"url":"http://127.0.0.1:1/ota/a/b.bin?…","size":5}',
  );
});

test("members that hold secrets are shown without their values", () => {
  assert.equal(shown('{"deviceSecret" : "abc","a":1}'), '{"deviceSecret" : "…","a":1}');
  assert.equal(shown('{"sign":"abc"}'), '{"sign":"…"}');
});

test("long texts are cut, and bytes are shown as such", () => {
  assert.equal(shown("x".repeat(5000)).length, 4001);
  assert.equal(shownPayload(Buffer.from([0, 255, 16])), "00 ff 10");
  assert.equal(shownPayload(Buffer.from("\u0000\u0012text")), "00 12 74 65 78 74");
  assert.equal(shown('{"text":"位置\\n"}'), '{"text":"位置\\n"}');
});
