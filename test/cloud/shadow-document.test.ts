/**
 * The rules by which a shadow changes.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deleteReported,
  EMPTY,
  readMessage,
  type ShadowDocument,
  ShadowError,
  updateDesired,
  updateReported,
} from "../../host/cloud/shadow/document.ts";

const red = updateReported(
  EMPTY,
  { state: { reported: { color: "red", rgb: [1, 2, 3] } }, version: 2 },
  100,
);

function code(act: () => unknown): number | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ShadowError);
    return error.code;
  }
}

test("reported attributes are merged, lists replaced whole", () => {
  assert.equal(red.version, 2);
  const next = updateReported(red, { state: { reported: { rgb: [9] } }, version: 3 }, 200);
  assert.deepEqual(next.state.reported, { color: "red", rgb: [9] });
  assert.deepEqual(next.metadata.reported, { color: { timestamp: 100 }, rgb: { timestamp: 200 } });
  assert.equal(next.timestamp, 200);
  assert.deepEqual(red.state.reported.rgb, [1, 2, 3]);
  const odd = JSON.parse('{"state":{"reported":{"__proto__":7}},"version":3}');
  assert.equal(JSON.stringify(updateReported(EMPTY, odd, 1).state.reported), '{"__proto__":7}');
});

test("versions have to grow; -1 begins anew", () => {
  const update = (version: unknown) =>
    updateReported(red, { state: { reported: { on: 1 } }, version }, 200);
  assert.equal(
    code(() => update(2)),
    409,
  );
  assert.equal(update(40).version, 40);
  const fresh = update(-1);
  assert.equal(fresh.version, 0);
  assert.deepEqual(fresh.state, { reported: { on: 1 }, desired: {} });
});

test("attributes are deleted one by one or all", () => {
  const one = deleteReported(red, { state: { reported: { color: "null" } }, version: 3 }, 200);
  assert.deepEqual(one.state.reported, { rgb: [1, 2, 3] });
  assert.deepEqual(Object.keys(one.metadata.reported), ["rgb"]);
  const none = deleteReported(red, { state: { reported: "null" }, version: 3 }, 200);
  assert.deepEqual(none.state.reported, {});
  assert.deepEqual(red.state.reported.color, "red");
});

test("desired attributes: whole or in addition, with and without a version", () => {
  const message = (desired: unknown, version: number) => {
    return { method: "update", state: { desired }, version };
  };
  const green = updateDesired(red, message({ color: "green", on: 1 }, 3), false, 300);
  assert.deepEqual(green.state.desired, { color: "green", on: 1 });
  const added = updateDesired(green, message({ on: 0 }, 0), true, 301);
  assert.deepEqual(added.state.desired, { color: "green", on: 0 });
  assert.equal(added.version, 4);
  const whole: ShadowDocument = updateDesired(added, message({ on: 1 }, 9), false, 302);
  assert.deepEqual(whole.state.desired, { on: 1 });
  assert.deepEqual(whole.state.reported, red.state.reported);
  assert.equal(
    code(() => updateDesired(whole, message({ on: 1 }, 9), false, 303)),
    409,
  );
  const cleared = updateReported(whole, { state: { desired: "null" }, version: 10 }, 304);
  assert.deepEqual(cleared.state.desired, {});
});

test("each fault has its code", () => {
  const read = (text: string) => code(() => readMessage(Buffer.from(text)));
  assert.equal(read("{"), 400);
  assert.equal(read('{"state":{}}'), 401);
  assert.equal(read(""), 407);
  assert.equal(read("{}"), 407);
  assert.equal(read('{"method":"get"}'), undefined);
  const update = (message: object) => code(() => updateReported(EMPTY, { ...message }, 1));
  assert.equal(update({ version: 1 }), 402);
  assert.equal(update({ state: { reported: { a: 1 } }, version: "1" }), 403);
  assert.equal(update({ state: {}, version: 1 }), 404);
  assert.equal(update({ state: { reported: {} }, version: 1 }), 405);
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`a${i}`, { x: 1, y: 2 }]));
  assert.equal(update({ state: { reported: many }, version: 1 }), 408);
});
