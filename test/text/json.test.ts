import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { MAX_DEPTH, parseJson, toJson } from "../../src/text/json.ts";
import { Random } from "../mqtt/random.ts";

const utf8 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/** Runs with a writer that escapes bytes as the interpreter's does. */
function withDeviceWriter<T>(run: () => T): T {
  const stringify = JSON.stringify;
  JSON.stringify = ((value: unknown) =>
    stringify(value).replace(
      /[\x7f-\xff]/g,
      (byte) => `\\u00${byte.charCodeAt(0).toString(16).toUpperCase()}`,
    )) as typeof JSON.stringify;
  try {
    return run();
  } finally {
    JSON.stringify = stringify;
  }
}

test("raw UTF-8 passes as bytes", () => {
  assert.deepEqual(parseJson(utf8('{"温度":"二十五 😀"}')), { [utf8("温度")]: utf8("二十五 😀") });
});

test("escapes from 0x80 on become UTF-8, surrogate pairs included", () => {
  assert.equal(parseJson('"\\u4e2d\\u6587"'), utf8("中文"));
  assert.equal(parseJson('"a\\u00e9\\u07ff\\u0800z"'), utf8("aé߿ࠀz"));
  assert.equal(parseJson('"\\ud83d\\ude00!"'), utf8("😀!"));
  assert.equal(parseJson('{"\\u4e2d":[1,"\\uD83D\\uDE00"]}')[utf8("中")][1], utf8("😀"));
});

test("a lone surrogate becomes the replacement character", () => {
  assert.equal(parseJson('"\\ud83d"'), utf8("�"));
  assert.equal(parseJson('"\\ude00x"'), utf8("�x"));
  assert.equal(parseJson('"\\ud83dx"'), utf8("�x"));
  assert.equal(parseJson('"\\ud83d\\ud83d\\ude00"'), utf8("�😀"));
  assert.equal(parseJson('"\\ud83d\\n"'), utf8("�\n"));
  assert.equal(parseJson('"\\ud83d\\\\ude00"'), utf8("�\\ude00"));
});

test("doubled backslashes before a u are no escapes", () => {
  assert.equal(parseJson('"\\\\u4e2d"'), "\\u4e2d");
  assert.equal(parseJson('"\\\\\\u4e2d"'), `\\${utf8("中")}`);
  assert.equal(parseJson('"\\\\\\\\u4e2d"'), "\\\\u4e2d");
});

test("escapes below 0x80 and control characters stay", () => {
  assert.equal(parseJson('"\\u0041\\u0000\\u001f\\n"'), "A\0\x1f\n");
});

test("what is not JSON, or goes on after it, is refused", () => {
  for (const text of [
    "",
    " ",
    "hello",
    "'a'",
    "true story",
    "12 apples",
    '{"a":1}garbage',
    '{"a":1}{"b":2}',
    "[1],[2]",
    "[1",
    '"a',
    "[1],[2,0",
    "/**/1",
    '{"a":"\\u12g4"}',
    "nul",
  ]) {
    assert.throws(() => parseJson(text), /^Error: JSON: /, text);
  }
});

test("values of each kind, with space around them", () => {
  assert.equal(parseJson(" true "), true);
  assert.equal(parseJson("null\n"), null);
  assert.equal(parseJson("\t-1.5e3"), -1500);
  assert.deepEqual(parseJson("\r\n[ ] "), []);
});

test("sixteen levels pass, seventeen are refused before the parser sees them", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(JSON.stringify(parseJson(nested(MAX_DEPTH))), nested(MAX_DEPTH));
  const parse = JSON.parse;
  let parsed = 0;
  JSON.parse = ((text: string) => {
    parsed++;
    return parse(text);
  }) as typeof JSON.parse;
  try {
    for (const text of [
      nested(MAX_DEPTH + 1),
      "[".repeat(100000),
      '{"a":'.repeat(500),
      `{"text":"]]]]]]]]]]]]]]]]]]]]","list":${nested(MAX_DEPTH)}}`,
      `["\\"]]]]]]]]]]]]]]]]]]]",${nested(MAX_DEPTH)}]`,
    ]) {
      assert.throws(() => parseJson(text), /nested deeper than 16 levels/, text.slice(0, 40));
    }
  } finally {
    JSON.parse = parse;
  }
  assert.equal(parsed, 0);
});

test("objects nest as deep as lists, in short and in long documents, wherever their brackets stand", () => {
  const objects = (levels: number, value = "1") =>
    `${'{"":'.repeat(levels)}${value}${"}".repeat(levels)}`;
  const text = (length: number, escaped: string) => `"${escaped}${"x".repeat(length)}"`;
  const late = '"\\u4e2d"';
  for (const length of [0, 60, 400, 3000]) {
    for (const escaped of ["", "\\n", '\\"{']) {
      const filler = text(length, escaped);
      const holding = (levels: number) =>
        `{"a":${filler},"b":${objects(levels, late)},"c":${filler}}`;
      const whole = objects(MAX_DEPTH, filler);
      assert.deepEqual(parseJson(whole), JSON.parse(whole));
      assert.throws(() => parseJson(objects(MAX_DEPTH + 1, filler)), /nested deeper/);
      assert.equal(
        JSON.stringify(parseJson(holding(MAX_DEPTH - 1))),
        JSON.stringify(JSON.parse(holding(MAX_DEPTH - 1))).replaceAll("中", utf8("中")),
      );
      assert.throws(() => parseJson(holding(MAX_DEPTH)), /nested deeper/);
    }
  }
});

test("many brackets are no depth, in strings or side by side", () => {
  const flat = JSON.stringify(Array.from({ length: 300 }, (_, i) => ({ i, text: '[{[{\\"' })));
  assert.deepEqual(parseJson(flat), JSON.parse(flat));
});

test("brackets can't hide in what only the interpreter takes for a string or a comment", () => {
  const deep = "[".repeat(40);
  for (const quote of ["'\"'", '/*"*/', '`"`']) {
    assert.throws(() => parseJson(`[${quote},${deep}"`), /^Error: JSON: /, quote);
  }
});

test("written bytes are raw UTF-8 again, whatever stands before them", () => {
  const value = {
    [utf8("温度")]: utf8("二十五 😀"),
    slashes: `\\${utf8("中")} \\\\u00E4 \\u00E4 \\`,
    controls: '\0\x01\x7f\n"',
    list: [utf8("é"), 1.5, null, true],
  };
  const text = withDeviceWriter(() => toJson(value));
  assert.equal(text.includes("\\u00E4\\u00B8"), false);
  assert.deepEqual(JSON.parse(text), value);
  const decoded = JSON.parse(Buffer.from(text, "latin1").toString("utf8"));
  assert.equal(decoded.温度, "二十五 😀");
  assert.equal(decoded.slashes, "\\中 \\\\u00E4 \\u00E4 \\");
});

test("5,000 random texts come back from the writer and the parser", () => {
  const random = new Random(7);
  const pieces = ["\\", "u00E4", "\\u00E4", '"', "中", "é", "😀", "\n", "[", "{", "a", "'", "/"];
  for (let i = 0; i < 5000; i++) {
    let text = "";
    for (let n = random.below(12); n > 0; n--) text += utf8(random.pick(pieces));
    const written = withDeviceWriter(() => toJson({ text, [text]: [text] }));
    assert.equal(/\\u00[89A-F]/.test(written.replaceAll("\\\\", "")), false);
    assert.deepEqual(parseJson(written), { text, [text]: [text] });
  }
});
