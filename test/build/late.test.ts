/**
 * What only the argument of `runLate` reaches goes into one function, and nothing else does.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { moveLate, wrapLate } from "../../host/build/script/late.ts";

const split = (code: string): string => wrapLate(moveLate(code).code).code;

test("what is reached late only is put into the function, in its order", () => {
  const made = split(
    "function runLate(f){f()}function both(){return 1}function only(){return new Late}" +
      "function Late(){this.a=TEXT+both()}Late.prototype.b=function(){return 2};" +
      'var TEXT="t",KEPT=both();runLate(function(){only()});print(KEPT)',
  );
  const [early, late] = made.split("global.$late=function(){");
  assert.ok(early && late, made);
  for (const part of ["function both()", "function runLate(", "var KEPT=both()", "print(KEPT)"]) {
    assert.ok(early.includes(part), early);
  }
  for (const part of ["function only()", "function Late()", "Late.prototype.b=", 'var TEXT="t"']) {
    assert.ok(late.includes(part) && !early.includes(part), made);
  }
  assert.match(late, /^function only.*};$/);
});

test("a script that reads nothing late stays as it is", () => {
  const code = "function a(){return 1}print(a())";
  assert.equal(split(code), code);
});

test("a function that is not written in place is refused", () => {
  assert.throws(() => moveLate("function runLate(f){f()}function g(){}runLate(g)"), /in place/);
});
