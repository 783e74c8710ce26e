/**
 * What the page shows of a board's console.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogLines } from "../../host/console/page/bluetooth/log-lines.ts";

test("lines come without prompt and control characters, however they are cut", () => {
  const text =
    "1.0 info ali: on\r\n>\r\x1b[J2.0 debug ali: <\r\n>\r\n\r\x1b[J>print(1)\r\nhello\r\n>\r\x1b[J";
  const wanted = "1.0 info ali: on\n2.0 debug ali: <\nprint(1)\nhello\n";
  assert.equal(new LogLines().take(text), wanted);
  const pieces = new LogLines();
  assert.equal([...text].map((ch) => pieces.take(ch)).join(""), wanted);
});
