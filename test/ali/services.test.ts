/**
 * Posts of several points, wishes, raw data and the question for values: what they send, and what they
 * make of what comes.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeDevice, sys } from "./port.ts";

const { History } = await import("../../src/ali/services/history.ts");
const { DesiredProperties } = await import("../../src/ali/services/desired-properties.ts");
const { PropertyGet } = await import("../../src/ali/services/property-get.ts");
const { RawChannel } = await import("../../src/ali/services/raw-channel.ts");

let device: FakeDevice;
beforeEach(() => {
  device = new FakeDevice();
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

interface Batch {
  properties: Record<string, { value: number }[]>;
  events: Record<string, unknown[]>;
}

test("points go out in small messages, in order, until one is refused", async () => {
  const history = new History(device.server);
  const time = 1718000000000;
  const series = Array.from({ length: 500 }, (_, value) => ({ value, time: time + value }));
  const properties = { "tracker:energy": series };
  assert.equal(
    await history.batchPost({ properties, events: { low: [{ value: {}, time }] } }),
    true,
  );
  const batches = device.calls.splice(0).map(({ params }) => params as Batch);
  const values = batches.flatMap(({ properties: list }) => list["tracker:energy"] ?? []);
  assert.deepEqual(values, series);
  assert.deepEqual(batches.at(-1)?.events, { low: [{ value: {}, time }] });
  for (const batch of batches) {
    assert.ok((batch.properties["tracker:energy"] ?? []).length <= 200);
    assert.ok(JSON.stringify(batch).length < 4000);
  }
  device.replyCode = 6106;
  assert.equal(await history.historyPost({ properties }), false);
  assert.equal(device.calls.length, 1, "no more after the refusal");
  const [{ path, params }] = device.calls as [{ path: string; params: unknown }];
  assert.equal(path, "thing/event/property/history/post");
  const [part] = params as [{ identity: object; properties: object[] }];
  assert.deepEqual(part.identity, { productKey: "", deviceName: "" });
  assert.deepEqual(part.properties[0], { "tracker:energy": { value: 0, time } });
  assert.equal(await history.batchPost({}), true, "nothing to post");
});

test("wishes are withdrawn with their version, or whichever there is", async () => {
  const desired = new DesiredProperties(device.server);
  await desired.remove({ a: 3, b: undefined });
  assert.deepEqual(device.calls.pop(), {
    path: "thing/property/desired/delete",
    params: { a: { version: 3 }, b: {} },
  });
  device.replyData = { a: { value: 1, version: 3 } };
  assert.deepEqual(await desired.get(["a"]), device.replyData);
  device.replyCode = 6104;
  assert.equal(await desired.get(["a"]), undefined);
  assert.equal(await desired.remove({ a: 1 }), false);
});

test("raw data: all bytes both ways, by both topics and as RRPC", async () => {
  const raw = new RawChannel(device.server);
  const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
  await raw.up(bytes);
  assert.deepEqual(device.one(), { topic: `${sys}thing/model/up_raw`, payload: bytes, qos: 1 });
  const replies: string[] = [];
  raw.onReply((reply) => void replies.push(reply));
  assert.ok(device.receive(`${sys}thing/model/up_raw_reply`, bytes));
  assert.deepEqual(replies, [bytes]);
  const down = `${sys}thing/model/down_raw`;
  assert.ok(device.receive(down, "x"), "without a handler");
  assert.equal(device.receive(`${sys}rrpc/request/1`, "x"), false);
  raw.onDown((frame) => {
    if (frame === "fail") throw new Error("no");
    if (frame === "late") return Promise.resolve("then");
    return frame === "none" ? undefined : frame + bytes;
  });
  for (const [from, to, qos] of [
    [down, `${down}_reply`, 1],
    [`${sys}rrpc/request/7`, `${sys}rrpc/response/7`, 0],
    [`/ext/rrpc/8${down}`, `/ext/rrpc/8${down}`, 0],
  ] as const) {
    assert.ok(device.receive(from, "\xff"));
    assert.deepEqual(device.one(), { topic: to, payload: `\xff${bytes}`, qos });
  }
  for (const silent of ["fail", "none"]) assert.ok(device.receive(down, silent));
  assert.equal(device.sent.length, 0);
  device.receive(down, "late");
  await settled();
  assert.equal(device.one().payload, "then");
  assert.equal(device.receive(`${sys}thing/event/property/post_reply`, "{}"), false);
});

test("the question for values: reported ones, timed ones, functions, and none", () => {
  const get = new PropertyGet(device.server);
  get.propertiesReport({ a: 1, b: { value: 2, time: 5 }, c: { value: 3 }, toString: 4 });
  get.onGet("d", () => 6);
  get.onGet("bad", () => {
    throw new Error("no sensor");
  });
  const ask = (params: unknown) => {
    assert.ok(device.receive(`${sys}thing/service/property/get`, { id: "9", params }));
    const { topic, id, code, data, message } = device.one();
    assert.deepEqual([topic, id], [`${sys}thing/service/property/get_reply`, "9"]);
    return [code, data, message];
  };
  const data = { a: 1, b: 2, c: { value: 3 }, toString: 4, d: 6 };
  assert.deepEqual(ask(["a", "b", "c", "toString", "d", "x"]), [200, data, "success"]);
  assert.deepEqual(ask(["valueOf"]), [460, {}, "no value for valueOf"]);
  assert.equal(ask("a")[0], 460);
  assert.deepEqual(ask(["bad"]), [400, {}, "no sensor"]);
});
