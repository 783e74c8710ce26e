/**
 * The last look at an emitted script finds each thing that the interpreter can't take.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findFlaws } from "../../host/build/script/net.ts";

const globals = new Set(["print"]);

/** A script, the words of its only flaw, and the column where it is. */
const cases: [string, RegExp, number][] = [
  ["do print(); while (1)", /DoWhileStatement/, 0],
  ["function f(a) { if (a) return }", /lacks its semicolon/, 23],
  ["print(c++ / 2); var c = 1", /taken for a regular/, 6],
  ['if (c) {} "a" === c && print(); var c', /begins with a literal/, 10],
  ['switch (c) { case 1: /a/.test("a") } var c', /begins with a literal/, 21],
  ["class A {}", /ClassDeclaration/, 0],
  ["var f = (a) => a", /ArrowFunctionExpression/, 8],
  ["print(`a`)", /TemplateLiteral/, 6],
  ["for (var a of []) print(a)", /ForOfStatement/, 0],
  ["print.apply(0, [...[]])", /SpreadElement/, 16],
  ["print(print?.name)", /ChainExpression/, 6],
  ["a: for (;;) break", /LabeledStatement/, 0],
  ["function f() {} var a = 1; function g() {}", /after a statement/, 27],
  ["if (1) { function f() {} }", /in a block/, 7],
  ["switch (1) { default: case 1: }", /default is not last/, 0],
  ["print([1, , 2])", /hole/, 6],
  ["print(2 ** 3)", /\*\*/, 6],
  ["print(10n)", /BigInt/, 6],
  ['print("\\u4e2d")', /more than ASCII/, 6],
  ['print("中")', /more than ASCII/, 6],
  ["print(123456789012345680000)", /wraps/, 6],
  ["print(/a{2}/)", /counted repetition/, 6],
  ['if (1) /a/.test("a")', /taken for a division/, 7],
  ['print(0 | /a/.test("a"))', /taken for a division/, 10],
  ["print(f.of / 2, 4 / 2); function f() {}", /taken for a regular/, 6],
  ["print(new Map())", /no "Map"/, 10],
  ["function f() { print(a); var a = 1 }", /"a" is used before/, 21],
  ["function f(c) { if (c) { var a = 1 } return a }", /"a" is used before/, 29],
  [`var ${"x".repeat(64)}`, /63 characters/, 4],
];

for (const [script, words, column] of cases) {
  test(`finds the flaw of ${script.slice(0, 50)}`, () => {
    const flaws = findFlaws(script, globals).filter(({ message }) => words.test(message));
    assert.deepEqual(
      flaws.map(({ at }) => [at.line, at.column]),
      [[1, column]],
    );
  });
}

test("passes plain ES5 in the interpreter's order", () => {
  const script =
    'function f(a) { var b = "\\xe4\\\\u"; if (a) b = a; return b } var c = f(1), d = [c, 1e20]; ' +
    "for (var i = 0; i < 2; i++) print(d[i], /[a-z]+/.test(c)); try { f() } catch (e) { print(e) }";
  assert.deepEqual(findFlaws(script, globals), []);
});
