import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { encodeCodePoint, isUtf8 } from "../../src/text/utf8.ts";
import { Random } from "../mqtt/random.ts";

const strict = new TextDecoder("utf-8", { fatal: true });

function nodeSaysUtf8(bytes: string): boolean {
  try {
    strict.decode(Buffer.from(bytes, "latin1"));
    return true;
  } catch {
    return false;
  }
}

test("every pair of bytes is judged as Node judges it", () => {
  for (let a = 0; a < 256; a++) {
    for (let b = 0; b < 256; b++) {
      const bytes = String.fromCharCode(a, b);
      assert.equal(isUtf8(bytes), nodeSaysUtf8(bytes), `${a} ${b}`);
    }
  }
});

test("lead bytes with every second byte, whole and cut short, are judged as Node judges them", () => {
  for (let lead = 0xc0; lead < 256; lead++) {
    for (let second = 0; second < 256; second++) {
      for (const tail of ["\x80", "\x80\x80", "\xbf\xbf", "\x80\x80\x80", "\x80x"]) {
        const bytes = String.fromCharCode(lead, second) + tail;
        assert.equal(isUtf8(bytes), nodeSaysUtf8(bytes), `${lead} ${second} ${tail.length}`);
      }
    }
  }
});

test("20,000 damaged texts are judged as Node judges them", () => {
  const random = new Random(1);
  const text = Buffer.from("温度 25 °C, naïve, 😀 end", "utf8").toString("latin1");
  let good = 0;
  for (let i = 0; i < 20000; i++) {
    const cut = random.below(text.length);
    const bytes = text.slice(0, cut) + random.bytes(random.below(3)) + text.slice(cut);
    const expected = nodeSaysUtf8(bytes);
    if (expected) good++;
    assert.equal(isUtf8(bytes), expected, JSON.stringify(bytes));
  }
  assert.ok(good > 1000 && good < 19000, `both kinds occur: ${good} good`);
});

test("every code point is encoded as Node encodes it", () => {
  for (let code = 0; code <= 0x10ffff; code += code < 0x11000 ? 1 : 257) {
    const expected = Buffer.from(String.fromCodePoint(code), "utf8").toString("latin1");
    assert.equal(encodeCodePoint(code), expected, code.toString(16));
  }
});
