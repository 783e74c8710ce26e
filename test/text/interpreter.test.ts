import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { buildProgram, interpreters, noInterpreter, Run } from "../mqtt/interpreter.ts";

const hex = (text: string) => Buffer.from(text, "utf8").toString("hex");
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const nested = (levels: number, value: string) =>
  `${'{"":'.repeat(levels)}${value}${"}".repeat(levels)}`;
const many = `{"a":"中","b":[${'{"c":1},'.repeat(60)}"\\u4e2d"]}`;
const long = `"${"\\u6e29 [{".repeat(80)}"`;

/** A document and what comes back when it is parsed and written again; or the error. */
const documents: [string, unknown][] = [
  ['{"温度":"二十五 😀","a":[1,-2.5,true,null]}', { 温度: "二十五 😀", a: [1, -2.5, true, null] }],
  ['"\\u4e2d\\u6587 caf\\u00e9 \\ud83d\\ude00"', "中文 café 😀"],
  ['"\\u00b0C Ã© \\u00c3\\u00a9"', "°C Ã© Ã©"],
  ['"\\ud83d|\\ude00"', "�|�"],
  ['["\\\\u4e2d","\\\\\\u4e2d","\\\\","\\u005cu4e2d"]', ["\\u4e2d", "\\中", "\\", "\\u4e2d"]],
  ['"\\u0000\\u0001温\\u007f\\n\\t\\"\\/"', '\0\x01温\x7f\n\t"/'],
  [`{"k":"${"\\u6e29".repeat(1200)}"}`, { k: "温".repeat(1200) }],
  [` {"k":"${"温".repeat(400)}"} `, { k: "温".repeat(400) }],
  [deep(16), JSON.parse(deep(16))],
  [nested(16, "1"), JSON.parse(nested(16, "1"))],
  [nested(17, "1"), /nested deeper than 16/],
  [nested(16, long), JSON.parse(nested(16, long))],
  [nested(17, long), /nested deeper than 16/],
  [many, JSON.parse(many)],
  [deep(17), /nested deeper than 16/],
  ["[".repeat(5000), /nested deeper than 16/],
  [`['"',${"[".repeat(60)}"`, /JSON: /],
  ['{"a":1}garbage', /JSON: /],
  ['{"a":1}{"b":2}', /JSON: /],
  ["[1],[2]", /text after the value/],
  ['{"a":1},5]garbage', /text after the value/],
  ["true story", /JSON: /],
  ["hello", /JSON: /],
  ["'a'", /no value/],
  ["", /no value/],
  ['{"a":"\\u12g4"}', /JSON: /],
];

const texts: [string, boolean][] = [
  [hex("plain"), true],
  [hex("温度 é 😀 \0"), true],
  ["c080", false],
  ["e0809f", false],
  ["eda080", false],
  ["f4908080", false],
  ["e4b8", false],
  ["ff", false],
  ["80", false],
];

test("text and JSON on the interpreter", { skip: noInterpreter }, async (t) => {
  const script = await buildProgram(join(import.meta.dirname, "device/text.ts"));
  for (const interpreter of interpreters()) {
    await t.test(interpreter.name, async () => {
      const parse = documents.map(([document]) => hex(document));
      const run = new Run(interpreter, script, { parse, utf8: texts });
      try {
        for (const [index, [document, expected]] of documents.entries()) {
          const line = await run.line(`parse ${index}`);
          if (expected instanceof RegExp) {
            assert.match(line, /^error /, document.slice(0, 40));
            assert.match(line, expected, document.slice(0, 40));
          } else {
            assert.match(line, /^[0-9a-f]+$/, document.slice(0, 40));
            const written = Buffer.from(line, "hex").toString("utf8");
            assert.deepEqual(JSON.parse(written), expected, written.slice(0, 80));
          }
        }
        assert.equal(await run.line("bytes"), `${hex("中文é")} 8`);
        assert.equal(await run.line("code"), hex("中😀é"));
        const written = Buffer.from(await run.line("write"), "hex").toString("utf8");
        assert.deepEqual(JSON.parse(written), { text: "温\\度", list: ["°C"] });
        assert.match(await run.line("circular"), /circular or nested deeper/);
        assert.equal(await run.line("digest"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        await run.line("done");
        await assert.rejects(run.line("wrong"), /no "wrong"/);
      } finally {
        await run.end();
      }
    });
  }
});
