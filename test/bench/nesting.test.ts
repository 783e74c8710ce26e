/**
 * The counting of calls within one another.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { instrument } from "../../bench/nesting/instrument.ts";

/** What a script prints while it is counted: the functions at the last maximum of each kind. */
function counted(script: string): { backs: string; calls: string } {
  const last = ["", ""];
  const context = createContext({
    print: (text: string) => {
      const [, kind = "0", functions = ""] = /^nested ([01]) (.*)$/.exec(text) ?? [];
      last[Number(kind)] = functions;
    },
  });
  runInContext(`var global=this;${instrument(script)}`, context);
  return { backs: last[0] as string, calls: last[1] as string };
}

const functions = "function a(f){f()}function b(){return 1}";

test("calls count one by one, and only the first one is called back", () => {
  assert.deepEqual(counted(`${functions}function c(){a(b)}c()`), { backs: "-3", calls: "-3 1 2" });
});

test("what a native function calls is called back, each time", () => {
  const twice = "function c(){[1,2].forEach(function(){a(b)});a(b)}c()";
  assert.deepEqual(counted(functions + twice), { backs: "-3 -4", calls: "-3 -4 1 2" });
  const within = "function c(){[1].map(function(){[1].map(b);new Promise(b)})}c()";
  assert.deepEqual(counted(functions + within), { backs: "-3 -4 -2", calls: "-3 -4 -2" });
  const applied = "function c(){b.call(this,1);a.apply(this,[b])}c()";
  assert.deepEqual(counted(functions + applied), { backs: "-3 -2", calls: "-3 -1 2" });
});

test("a function that throws is over, and its value comes back", () => {
  const thrown = "function c(){throw 1}function d(){try{c()}catch(e){a(b)}return 5}var r=d();";
  assert.deepEqual(counted(`${functions + thrown}if(r!==5)throw 2`), {
    backs: "-4",
    calls: "-4 1 2",
  });
});
