/**
 * Handlers of property sets, services and RRPCs.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ThingHandlers as Handlers } from "../../src/ali/services/thing-handlers.ts";
import { FakeDevice, sys } from "./port.ts";

const { ThingHandlers } = await import("../../src/ali/services/thing-handlers.ts");

let device: FakeDevice;
let handlers: Handlers;
beforeEach(() => {
  device = new FakeDevice();
  handlers = new ThingHandlers(device.server);
});

const SET = `${sys}thing/service/property/set`;
const set = (params: unknown) => device.receive(SET, { id: "7", version: "1.0.0", params });
/** The interpreter's globals that the log and the clock use. */
const world = globalThis as unknown as { print(line: string): void; getTime(): number };
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("one set of several properties: each handler, one reply, one report", async () => {
  const seen: unknown[] = [];
  handlers.onPropertySet("a", (value) => void seen.push(value));
  handlers.onPropertySet("tracker:b", (value) => Promise.resolve(value * 2));
  handlers.onPropertySet("toString", () => "shown");
  assert.ok(set({ a: 1, "tracker:b": 4, toString: "x" }));
  assert.equal(device.sent.length, 0, "not before the promise");
  await settled();
  const reply = { topic: `${SET}_reply`, id: "7", code: 200, data: {}, message: "success", qos: 1 };
  assert.deepEqual(device.one(), reply);
  assert.deepEqual(seen, [1]);
  assert.deepEqual(device.reports, [{ a: 1, toString: "shown", "tracker:b": 8 }]);
});

test("throwing and rejecting give code and text of the first, the others are reported", async () => {
  handlers.onPropertySet("bad", () => {
    throw new Error("too hot");
  });
  handlers.onPropertySet("worse", () => Promise.reject({ code: 100001, message: "no" }));
  handlers.onPropertySet("good", () => {});
  set({ worse: 1, bad: 1, good: 1 });
  await settled();
  const { code, message } = device.one();
  assert.deepEqual([code, message], [400, "bad: too hot"]);
  assert.deepEqual(device.reports, [{ good: 1 }]);
  set({ worse: 1 });
  await settled();
  const second = device.one();
  assert.deepEqual([second.code, second.message], [100001, "worse: no"]);
  assert.equal(device.reports.length, 1, "nothing to report");
});

test("what has no handler is the callback's, and without one is refused by name", () => {
  let called = 0;
  handlers.onPropertySet("a", () => void called++);
  handlers.onService("here", () => ({}));
  const rrpc = `${sys}rrpc/request/55`;
  const call = { id: "8", method: "thing.service.there", params: {} };
  device.port.callback = () => {};
  assert.equal(set({ a: 1, b: 1 }), false);
  assert.equal(device.receive(`${sys}thing/service/there`, call), false);
  assert.equal(device.receive(rrpc, call), false);
  assert.equal(device.receive(rrpc, "ping"), false);
  assert.equal(set("x"), false);
  device.port.callback = undefined;
  assert.ok(set({ a: 1, b: 1 }));
  assert.deepEqual(device.one().message, "no handler for property b");
  assert.equal(called, 0, "nothing was set");
  assert.ok(set("x"));
  assert.equal(device.one().code, 460);
  assert.ok(device.receive(`${sys}thing/service/there`, call));
  const { topic, code, message } = device.one();
  assert.deepEqual(
    [topic, code, message],
    [`${sys}thing/service/there_reply`, 460, "no handler for service there"],
  );
  assert.ok(device.receive(rrpc, call));
  assert.equal(device.one().topic, `${sys}rrpc/response/55`);
  // What is none of theirs.
  for (const other of ["thing/service/property/get", "thing/event/property/post_reply"]) {
    assert.equal(device.receive(sys + other, { id: "1" }), false);
  }
  assert.equal(device.receive("/ext/ntp/a1Test/dev_1/response", {}), false);
});

test("services by all ways, those of custom modules too", async () => {
  handlers.onService("add", ({ a, b }) => ({ sum: a + b }));
  handlers.onService("tracker:later", () => Promise.resolve({ ok: 1 }));
  assert.deepEqual(device.subscribed, [
    `${sys}thing/service/add`,
    `${sys}thing/service/tracker:later`,
  ]);
  const call = { id: "9", version: "1.0.0", method: "thing.service.add", params: { a: 1, b: 2 } };
  for (const [from, to, qos] of [
    [`${sys}thing/service/add`, `${sys}thing/service/add_reply`, 1],
    [`${sys}rrpc/request/123`, `${sys}rrpc/response/123`, 0],
    [`/ext/rrpc/5${sys}thing/service/add`, `/ext/rrpc/5${sys}thing/service/add`, 0],
  ] as const) {
    assert.ok(device.receive(from, call), from);
    const reply = { topic: to, id: "9", code: 200, data: { sum: 3 }, message: "success", qos };
    assert.deepEqual(device.one(), reply);
  }
  device.receive(`${sys}thing/service/tracker:later`, { id: "10", params: {} });
  await settled();
  assert.deepEqual(device.one().data, { ok: 1 });
});

test("a result that is no JSON, an empty one, and a handler without params", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  handlers.onService("circle", () => circle);
  handlers.onService("nothing", (input) => void input.x);
  device.receive(`${sys}thing/service/circle`, { id: "1", params: {} });
  assert.equal(device.one().code, 400);
  device.receive(`${sys}thing/service/nothing`, { id: "2" });
  assert.deepEqual(device.one().data, {});
  assert.equal(device.receive(`${sys}thing/service/nothing`, "not JSON"), false);
  assert.equal(device.sent.length, 0);
});

test("RRPC: texts as they are, values as JSON, failures as code and message", async () => {
  const ask = async (payload: unknown) => {
    device.receive(`${sys}rrpc/request/6`, payload);
    await settled();
    const { topic, payload: answer, qos } = device.one();
    assert.deepEqual([topic, qos], [`${sys}rrpc/response/6`, 0]);
    return answer;
  };
  handlers.onRrpc((data) => {
    if (data === "fail") throw new Error("no");
    if (data === "late") return Promise.resolve([1]);
    return data === "none" ? undefined : data;
  });
  assert.equal(await ask("\xff\x01"), "\xff\x01");
  assert.equal(await ask({ a: 1 }), '{"a":1}');
  assert.equal(await ask("late"), "[1]");
  assert.equal(await ask("none"), "");
  assert.equal(await ask("fail"), '{"code":400,"message":"no"}');
});

test("an answer after more than 8 s is noted", async (context) => {
  const lines: string[] = [];
  context.mock.method(world, "print", (line: string) => lines.push(line));
  let now = 1000;
  context.mock.method(world, "getTime", () => now);
  let answer: (value: object) => void = () => {};
  handlers.onService(
    "slow",
    () =>
      new Promise<object>((resolve) => {
        answer = resolve;
      }),
  );
  for (const [seconds, topic, noted] of [
    [7.9, "rrpc/request/1", 0],
    [9, "thing/service/slow", 0],
    [9.1, "rrpc/request/2", 1],
  ] as const) {
    device.receive(sys + topic, { id: "1", method: "thing.service.slow", params: {} });
    now += seconds;
    answer({});
    await settled();
    assert.equal(device.one().code, 200);
    assert.equal(lines.length, noted);
  }
  assert.match(lines[0] ?? "", /service slow answered after 9\.1 s: the platform waits 8/);
});
