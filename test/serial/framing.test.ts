/**
 * Questions as lines, and answers told from what a console prints besides.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Script } from "node:vm";
import { crc32 } from "../../host/image/crc32.ts";
import { type Answer, AnswerReader, literal } from "../../host/serial/framing.ts";

function answer(id: number, text: string, ok = 1): string {
  return `\x02${id}:${ok}:${crc32(Buffer.from(text))}:${text}\x03\r\n`;
}

/** What a reader makes of bytes that arrive in pieces of a size. */
function read(bytes: string, piece: number) {
  const seen = { text: "", answers: [] as Answer[], damaged: 0, flow: "" };
  const reader = new AnswerReader({
    text: (text) => (seen.text += text),
    answer: (one) => seen.answers.push(one),
    damaged: () => seen.damaged++,
    flow: (flow) => (seen.flow += `${flow} `),
  });
  for (let at = 0; at < bytes.length; at += piece) reader.take(bytes.slice(at, at + piece));
  return seen;
}

describe("a literal", () => {
  const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
  for (const text of [all, `"'"`, `''"`, "\\n", ""]) {
    test(`of ${JSON.stringify(text).slice(0, 20)} is printable and means the same`, () => {
      const code = literal(text);
      assert.match(code, /^[ -~]*$/);
      assert.equal(new Script(code).runInNewContext(), text);
    });
  }
});

describe("a reader", () => {
  const stream = `>one\r\n${answer(7, '"a"')}>two\r\n${answer(8, '{"b":1}', 0)}three`;

  for (const piece of [1, 2, 3, 7, 1000]) {
    test(`finds answers in pieces of ${piece}`, () => {
      const seen = read(stream, piece);
      assert.deepEqual(seen.answers, [
        { id: 7, outcome: "done", text: '"a"' },
        { id: 8, outcome: "threw", text: '{"b":1}' },
      ]);
      // The prompt that comes back behind an answer was on the screen before it.
      assert.equal(seen.text, ">one\r\ntwo\r\nthree");
    });
  }

  test("passes on what only looks like an answer", () => {
    for (const text of ["\x02 12\r\nx", "\x02abc\x03", "a\x0212:3:4:x\x03b", "\x0212:1:99\r\n:x"]) {
      const seen = read(text, 1);
      assert.equal(seen.text, text);
      assert.deepEqual(seen.answers, []);
    }
  });

  test("tells a damaged answer", () => {
    const seen = read(answer(9, "12345").replace("123", "1?3"), 4);
    assert.deepEqual([seen.answers.length, seen.damaged, seen.text], [0, 1, ""]);
  });

  test("takes XOFF and XON out", () => {
    const seen = read(`a\x13b\x11c${answer(1, "2")}`, 3);
    assert.deepEqual([seen.text, seen.flow, seen.answers.length], ["abc", "wait go ", 1]);
  });
});
