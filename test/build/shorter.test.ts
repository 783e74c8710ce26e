/**
 * Steps that make the script shorter, quicker or smaller in memory: single-use functions and numbers in
 * place, functions within others, getters that are methods. Generated programs try them for meaning; here
 * is what they leave alone.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { freeMethods, nestBrief } from "../../host/build/script/brief.ts";
import { forwardCalls } from "../../host/build/script/forward.ts";
import { callGetters } from "../../host/build/script/getters.ts";
import { inlineSingles } from "../../host/build/script/inline.ts";
import { shortenNatives } from "../../host/build/script/natives.ts";
import { inlineNumbers } from "../../host/build/script/numbers.ts";
import { sharePrototypes } from "../../host/build/script/prototypes.ts";

test("a function that is called once stands in its place, if nothing speaks against it", () => {
  const place = (once: string, call = "once(2)") =>
    inlineSingles(`${once}function host(){print(1);${call};}host();host();`).code;
  assert.match(place("function once(a){print(a);}"), /host\(\)\{print\(1\);.*print\(.*\);\}/s);
  assert.doesNotMatch(place("function once(a){print(a);}"), /function once/);
  for (const kept of [
    "function once(a){function inner(){}inner(a);}",
    "/** @rare */function once(a){print(a);}",
    "function once(a){print(arguments.length);}",
  ]) {
    assert.match(place(kept), /function once/, kept);
  }
  assert.doesNotMatch(place("function once(a){print(a);}", "once(2,x,1)"), /once|x/);
  assert.match(place("function once(a){print(a);}", "once(2,f())"), /function once/);
  assert.match(place("function once(a){print(a);}", "once(2);once(3)"), /function once/);
});

test("a getter that nobody outside can know becomes a method, and its reads become calls", () => {
  const getter = (name: string) =>
    `Object.defineProperty(X.prototype, "${name}", {get: function () {return 1}});`;
  assert.equal(
    callGetters(`${getter("A0")}print(x.A0)`).code,
    "X.prototype.A0 = function () {return 1};print(x.A0())",
  );
  for (const kept of [
    `${getter("status")}print(x.status)`,
    `${getter("A0")}y.A0=2;print(x.A0)`,
    `${getter("A0")}print({A0:1},x.A0)`,
  ]) {
    assert.equal(callGetters(kept).code, kept);
  }
});

test("a number stands in place of its name, if it is short and stays the same", () => {
  assert.equal(inlineNumbers("var A=50;print(A,-A,[A]);").code, "print(50,-50,[50]);");
  for (const kept of [
    "var A=50;A++;print(A);",
    "var A=50;A=1;print(A);",
    "var A=50;print(A.toString());",
    'var A="50";print(A);',
    "var A=1234567;print(A,A);",
    "function f(){var A=50;print(A,A);}",
  ]) {
    assert.equal(inlineNumbers(kept).code, kept);
  }
});

/** The function `brief`, and what stands at the top level beside it. */
function nest(others: string, body: string, rest = "") {
  const { code } = nestBrief(`${others}/** @brief */function brief(){${body}}brief();${rest}`);
  const at = code.indexOf("/** @brief */function brief");
  const end = code.indexOf("}brief();");
  return { inside: code.slice(at, end), outside: code.slice(0, at) + code.slice(end) };
}

test("what only a brief function reaches is made within it", () => {
  const helper = nest("var N=/x/;function help(a){return N.test(a);}", "print(help(1));");
  assert.match(helper.inside, /brief\(\)\{var N=\/x\/;\s*function help\(a\).*print\(help\(1\)\)/s);
  assert.doesNotMatch(helper.outside, /help/);

  const type = "function X(){}X.prototype.a=function(){};X.prototype.A0=function(){};";
  const used = nest(type, "new X();");
  assert.match(used.inside, /function X.*prototype\.a=/s);
  // Nobody outside can call it, and nobody inside does.
  assert.doesNotMatch(used.inside + used.outside, /A0/);

  for (const [why, others, body, rest, kept] of [
    ["others use it", "function help(){}", "help();", "help();", "help"],
    ["it changes", "var count=0;", "count++;", "", "count"],
    ["it has parts", "var list=[];", "list.push(1);", "", "list"],
    ["what changes needs it", "function help(){}var x=help();", "x=help();", "", "help"],
  ] as const) {
    const { inside, outside } = nest(others, body, rest);
    assert.match(outside, new RegExp(`(var|function) ${kept}`), why);
    assert.doesNotMatch(inside, new RegExp(`(var|function) ${kept}`), why);
  }
});

test("a brief function within another, and methods of a class that stays", () => {
  const inner = "function low(){}/** @brief */function middle(){low();}";
  const once = nest(inner, "middle();");
  assert.match(once.outside, /function middle\(\)\{function low/);
  const twice = nest(once.outside.replace(/\}brief\(\);$/, ""), "middle();");
  assert.match(twice.inside, /function middle\(\)\{function low/);
  assert.doesNotMatch(twice.outside, /low|middle/);

  const shared = "function low(){}function X(){}X.prototype.A0=function(){low();};";
  const kept = nest(shared, "new X().A0();", "new X();");
  assert.doesNotMatch(kept.inside, /function low|prototype/);
  assert.match(kept.outside, /function low.*prototype\.A0/s);
});

test("a method that only a brief function calls becomes a function, which can be within it", () => {
  const rest = "function X(){}X.prototype.b=function(){};/** @brief */X.prototype.brief=";
  const free = (method: string, body: string, others = "") =>
    freeMethods(`${rest}function(){${body}};X.prototype.A0=${method};new X().brief();${others}`)
      .code;
  const method = "function(a){this.n=a;f(function(){return this});}";
  const code = free(method, "this.A0(1);this.y.A0(this.A0());");
  assert.match(code, /function free_A0\(_own,a\)\{_own\.n=a;f\(function\(\)\{return this\}\);\}/);
  assert.match(code, /\{free_A0\(this,1\);free_A0\(this\.y,free_A0\(this\)\);\}/);
  assert.match(nestBrief(code).code, /brief=function\(\)\{function free_A0/);
  const kept: [string, string, string, string?][] = [
    ["others call it", method, "this.A0(1);", "new X().A0(2);"],
    ["it is more than called", method, "f(this.A0);"],
    ["it takes all arguments", "function(){f(arguments);}", "this.A0(1);"],
    ["there is another", method, "this.A0(1);", `function Y(){}Y.prototype.A0=${method};new Y();`],
  ];
  for (const [why, ...parts] of kept) assert.doesNotMatch(free(...parts), /free_/, why);
});

test("calls of a function that only passes on what it was given go where it calls", () => {
  const write = "function write(n,a,b){print(n,a,b);}";
  const warn = "function warn(a,b){write(2,a,b);}";
  assert.equal(
    forwardCalls(`${write}${warn}warn("x",1);f(function(){return warn(1,g(warn(2,3)));});`).code,
    `${write}write(2,"x",1);f(function(){return write(2,1,g(write(2,2,3)));});`,
  );
  for (const kept of [
    `${write}${warn}warn("x");`,
    `${write}${warn}f(warn);`,
    `${write}function warn(a,b){write(2,b,a);}warn(1,2);`,
    `${write}function warn(a,b){write(2,a,b);f();}warn(1,2);`,
    "function write(n,a){return n+a;}function warn(a){write(2,a);}f(warn(1));",
  ]) {
    assert.equal(forwardCalls(kept).code, kept);
  }
  // Of functions that pass on to each other one goes at a time: where the others lead stays there.
  const chain = `${write}${warn}function late(b){warn(1,b);}late(3);warn(4,5);`;
  for (const shuffled of [chain, `function late(b){warn(1,b);}${write}${warn}late(3);warn(4,5);`]) {
    const { code } = forwardCalls(shuffled);
    for (const [, called] of code.matchAll(/\b(late|warn|write)\(\d/g))
      assert.match(code, new RegExp(`function ${called}\\(`), code);
  }
});

test("members of a class become a literal, of one within a function, too", () => {
  const share = (code: string) => sharePrototypes(code).code;
  const type =
    'function X(){}X.prototype.a=function(b){return b},X.prototype.c=f,Object.defineProperty(X.prototype,"d",{get:function(){return 1},enumerable:false,configurable:true});';
  const literal = "X.prototype={a(b){return b},c:f,get d(){return 1}}";
  assert.equal(share(type), `function X(){}${literal};`);
  const maker = (start: string, end: string) => `function make(){function X(){}${start},${end};}`;
  for (const before of ["", "return "]) {
    const rest = type.slice("function X(){}".length, -1);
    assert.equal(share(maker(before + rest, "new X")), maker(before + literal, "new X"));
  }
  assert.equal(
    share("function X(){}X.prototype.a=function(){};X.prototype.get=function(){};g();"),
    "function X(){}X.prototype={a(){},get:function(){}};g();",
  );
  const accessors =
    'Object.defineProperty(X.prototype,"a",{get:function(){return 1},set:function(b){},enumerable:false});';
  assert.equal(share(accessors), "X.prototype={get a(){return 1},set a(b){}};");
});

test("the prototype of a class that has one already is named once", () => {
  const share = (code: string) => sharePrototypes(code).code;
  const base = "function X(){}X.prototype=Object.create(Y.prototype);";
  assert.equal(
    share(`${base}X.prototype.a=f,X.prototype.b=g;`),
    `var _p;${base}_p=X.prototype,_p.a=f,_p.b=g;`,
  );
  const heir = "function X(){}extend(X,Y),";
  assert.equal(
    share(`${heir}X.prototype.a=f,X.prototype.b=g;`),
    `var _p;${heir}_p=X.prototype,_p.a=f,_p.b=g;`,
  );
  const accessor = (owner: string, description: string) =>
    `Object.defineProperty(${owner},"c",{${description}})`;
  const get = "get:function(){return 1}";
  assert.equal(
    share(`${heir}X.prototype.a=f,${accessor("X.prototype", `${get},enumerable:false`)};`),
    `var _p;${heir}_p=X.prototype,_p.a=f,${accessor("_p", get)};`,
  );
  // A value that is defined is no accessor.
  const defined = accessor("X.prototype", "value:5");
  assert.equal(share(`function X(){}${defined};`), `function X(){}${defined};`);
  for (const single of ["X.prototype.a=f;", `${base}X.prototype.a=function(){};`]) {
    assert.equal(share(single), single);
  }
  // What stands behind `return`, or another statement, is no part of what came before.
  const apart =
    "function X(){X.prototype.a=f,X.prototype.b=g;return X.prototype.c=f,X.prototype.d=g}";
  assert.equal(
    share(apart),
    "var _p;function X(){X.prototype={a:f,b:g};return _p=X.prototype,_p.c=f,_p.d=g}",
  );
});

test("native functions that are named often get a short name, a static one its own", () => {
  const call = "f(String.fromCharCode(1),Math.max(2,3));";
  assert.equal(shortenNatives(call, 2).code, call);
  const often = call.repeat(4);
  const { code } = shortenNatives(often, 2);
  assert.match(code, /^var _String_fromCharCode=String\.fromCharCode[,;]/);
  assert.equal(code.match(/f\(_String_fromCharCode\(1\),/g)?.length, 4);
  const own = `function g(String){${often}}g(String);`;
  assert.ok(!shortenNatives(own, 2).code.includes("_String_fromCharCode"));
  // What is left of an object is counted without them.
  const { code: both } = shortenNatives(`${often}${"f(String(4));".repeat(9)}`, 2);
  assert.ok(both.includes("_String=String") && both.includes("f(_String(4));"), both);
});
