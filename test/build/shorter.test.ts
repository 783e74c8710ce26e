/**
 * Steps that make the script shorter or quicker: single-use functions in place, getters that are
 * methods, a name for `this`. Generated programs try them for meaning; here is what they leave alone.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callGetters } from "../../host/build/script/getters.ts";
import { inlineSingles } from "../../host/build/script/inline.ts";
import { MARK } from "../../host/build/script/late.ts";
import { nameThis } from "../../host/build/script/self.ts";

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

test("behind the mark, where it is shorter, `this` has a name", () => {
  const often = "function a(){this.x=this.y+this.z+this.w+this.v}";
  assert.equal(nameThis(often).code, often);
  assert.equal(
    nameThis(MARK + often).code,
    `${MARK}function a(){var _self=this;_self.x=_self.y+_self.z+_self.w+_self.v}`,
  );
  const known = "function a(){var t=this;f(function(){return t});this.x=this.y}";
  assert.equal(
    nameThis(MARK + known).code,
    `${MARK}function a(){var t=this;f(function(){return t});t.x=t.y}`,
  );
  const seldom = `${MARK}function a(){this.x=this.y}`;
  assert.equal(nameThis(seldom).code, seldom);
});
