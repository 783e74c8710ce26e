import assert from "node:assert/strict";
import test from "node:test";
import { SyncCalls } from "../../src/ali/sync-calls.ts";

test("a service call in an RRPC is recognised and its answer routed once", () => {
  const calls = new SyncCalls();
  const data = { id: 55, method: "thing.service.query_power_level", params: {} };
  assert.equal(calls.accept(data, "900"), "query_power_level");
  assert.equal(calls.take("55"), "900");
  assert.equal(calls.take("55"), undefined);
});

test("any other RRPC is none", () => {
  const calls = new SyncCalls();
  assert.equal(calls.accept({ hello: 1 }, "1"), undefined);
  assert.equal(calls.accept({ id: "1", method: "other" }, "1"), undefined);
  assert.equal(calls.accept({ method: "thing.service.x" }, "1"), undefined);
});

test("what is never answered does not pile up", () => {
  const calls = new SyncCalls();
  for (let i = 0; i < 100; i++) calls.accept({ id: i, method: "thing.service.x" }, `r${i}`);
  assert.equal(calls.take("91"), undefined);
  assert.equal(calls.take("92"), "r92");
  assert.equal(calls.take("99"), "r99");
});
