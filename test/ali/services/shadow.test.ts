/**
 * The device's side of its shadow: one request after the other, versions, conflicts, late answers.
 * @module
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { FakeServer, settled } from "./fake-server.ts";

const { Shadow } = await import("../../../src/ali/services/shadow.ts");
type Shadow = InstanceType<typeof Shadow>;

const TOPIC = "/shadow/get/a1B2c3D4e5F/tracker_0001";
let server: FakeServer;
let shadow: Shadow;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  server = new FakeServer();
  shadow = new Shadow(server.aliIot);
  shadow.online();
});
afterEach(() => mock.timers.reset());

const last = () => server.published.at(-1)?.message;
const say = (message: object) => shadow.accept(TOPIC, JSON.stringify(message));
const accepted = (version: number) =>
  say({ method: "reply", payload: { status: "success", version } });
const refused = (errorcode: string) =>
  say({
    method: "reply",
    payload: { status: "error", content: { errorcode, errormessage: "because" } },
  });
const document = (state: object, version: number) =>
  say({ method: "reply", payload: { status: "success", state }, version });

test("requests go out one after the other, each with the next version", async () => {
  assert.deepEqual(server.filters, [TOPIC]);
  const first = shadow.update({ color: "red" });
  const second = shadow.remove(["color"]);
  assert.equal(server.published.length, 1);
  assert.deepEqual(last(), { method: "update", state: { reported: { color: "red" } }, version: 1 });
  accepted(1);
  assert.equal((await first).code, 200);
  assert.deepEqual(last(), {
    method: "delete",
    state: { reported: { color: "null" } },
    version: 2,
  });
  accepted(2);
  assert.equal((await second).code, 200);
  const all = shadow.remove();
  assert.deepEqual(last().state, { reported: "null" });
  accepted(3);
  await all;
  assert.equal(shadow.version, 3);
  assert.equal(shadow.accept("/sys/other", ""), false);
});

test("an outdated version is read and tried once more", async () => {
  const update = shadow.update({ on: 1 });
  refused("409");
  assert.deepEqual(last(), { method: "get" });
  document({}, 70);
  assert.deepEqual(last(), { method: "update", state: { reported: { on: 1 } }, version: 71 });
  refused("409");
  assert.deepEqual(await update, { code: 409, message: "because" });
  assert.equal(server.published.length, 3);
});

test("reads, and tells apart what answers another request", async () => {
  const read = shadow.get();
  accepted(7);
  document({ reported: { on: 1 } }, 9);
  assert.deepEqual(await read, { code: 200, message: "", reported: { on: 1 }, desired: {} });
  assert.equal(shadow.version, 9);
  document({}, 10);
  say({ nothing: 1 });
  shadow.accept(TOPIC, "\xff");
});

test("what is desired is heard when it changes and at a log-on", async () => {
  const heard: unknown[] = [];
  shadow.onDesired((desired, version) => {
    heard.push([desired, version]);
    throw new Error("not our affair");
  });
  document({ desired: { on: 1 } }, 4);
  await settled();
  assert.deepEqual(heard, [[{ on: 1 }, 4]]);
  say({
    method: "control",
    payload: { status: "success", state: { desired: { on: 0 } } },
    version: 5,
  });
  assert.deepEqual(heard[1], [{ on: 0 }, 5]);
  const done = shadow.clearDesired({ on: 0 });
  assert.deepEqual(last().state, { desired: "null", reported: { on: 0 } });
  accepted(6);
  await done;
  shadow.offline();
  shadow.online();
  document({ reported: { on: 0 } }, 6);
  await settled();
  assert.equal(heard.length, 2, "nothing is desired");
});

test("time-outs, the loss of the connection and too many requests end with codes", async () => {
  const late = shadow.update({ on: 1 });
  const waiting = shadow.get();
  mock.timers.tick(15_000);
  assert.equal((await late).code, 32);
  assert.deepEqual(last(), { method: "get" });
  shadow.offline();
  assert.equal((await waiting).code, 16);
  assert.equal((await shadow.get()).code, 16);
  shadow.online();
  const many = Array.from({ length: 9 }, () => shadow.get());
  assert.equal((await many[8])?.code, 17);
});
