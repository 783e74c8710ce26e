/**
 * The device's side of its log's upload: bounds, times, and nothing about itself.
 * @module
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { logDebug, logError, logInfo, logWarn, setLogLevel } from "../../../src/debug/log.ts";
import { FakeServer, SECRET, settled } from "./fake-server.ts";

const { LogUpload } = await import("../../../src/ali/services/log-upload.ts");
type LogUpload = InstanceType<typeof LogUpload>;

const NOW = Date.UTC(2026, 5, 1);
const PUSH = "/sys/a1B2c3D4e5F/tracker_0001/thing/config/log/push";
let server: FakeServer;
let upload: LogUpload;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  setLogLevel("off");
  server = new FakeServer();
  server.reply = { code: 200, data: { getType: "content", content: { mode: 1 } } };
  upload = new LogUpload(server.aliIot, "info");
});
afterEach(() => mock.timers.reset());

const posts = () => server.calls.filter(({ topic }) => topic === "thing/log/post");
const contents = () =>
  posts().flatMap(({ message }) => message.map((line: { logContent: string }) => line.logContent));
const push = (mode: number) =>
  upload.accept(PUSH, JSON.stringify({ id: "1", params: { content: { mode } } }));

test("asks at the log-on and posts what was logged since the start", async () => {
  logWarn("pump", "runs dry");
  logDebug("pump", "not wanted");
  mock.timers.tick(60_000);
  assert.equal(server.calls.length, 0);
  upload.online();
  assert.equal(server.calls[0]?.topic, "thing/config/log/get");
  await settled();
  assert.equal(upload.isWanted, true);
  mock.timers.tick(5000);
  assert.deepEqual(posts()[0]?.message, [
    {
      utcTime: "2026-06-01T00:00:00.000+0000",
      logLevel: "WARN",
      module: "pump",
      code: "0",
      traceContext: "1",
      logContent: "runs dry",
    },
  ]);
});

test("waits for the clock, and counts back from it", async () => {
  mock.timers.setTime(5000);
  upload.online();
  await settled();
  logError("pump", "stopped");
  mock.timers.tick(20_000);
  assert.deepEqual(posts(), []);
  // As `setClock` does: the time moves, and so does the uptime's zero.
  const { setClock } = await import("../../../src/system/clock.ts");
  Object.assign(globalThis, { setTime: () => mock.timers.setTime(NOW) });
  setClock(NOW);
  mock.timers.tick(5000);
  assert.equal(posts()[0]?.message[0].utcTime, "2026-05-31T23:59:40.000+0000");
});

test("bounds lines, batches and rate; the newest stay", async () => {
  upload.online();
  await settled();
  for (let line = 0; line < 40; line++) logInfo("x", `line ${line}`);
  logInfo("x", "y".repeat(1000));
  mock.timers.tick(4999);
  assert.equal(posts().length, 0);
  mock.timers.tick(1);
  assert.equal(posts().length, 1);
  for (let turn = 0; turn < 9; turn++) mock.timers.tick(5000);
  assert.equal(posts().length, 3);
  assert.equal(contents().length, 24);
  assert.equal(contents()[0], "line 17");
  assert.equal(contents()[23].length, 400);
});

test("feeds on nothing of its own and shows no secret", async () => {
  upload = new LogUpload(server.aliIot, "debug");
  upload.online();
  await settled();
  server.whileSending = () => logWarn("ali", "not sent: error 17");
  logInfo("ali", `the secret is ${SECRET}`);
  logDebug("ali", "< /sys/a1B2c3D4e5F/tracker_0001/thing/log/post_reply");
  logDebug("ali", "< /sys/a1B2c3D4e5F/tracker_0001/thing/event/property/post_reply");
  for (let turn = 0; turn < 5; turn++) mock.timers.tick(5000);
  assert.equal(posts().length, 1);
  assert.deepEqual(contents(), ["< /sys/a1B2c3D4e5F/tracker_0001/thing/event/property/post_reply"]);
});

test("follows the switch", async () => {
  upload.online();
  await settled();
  logInfo("x", "waits");
  assert.equal(push(0), true);
  logInfo("x", "not kept");
  mock.timers.tick(10_000);
  push(1);
  logInfo("x", "kept");
  upload.offline();
  mock.timers.tick(10_000);
  assert.deepEqual(posts(), []);
  upload.online();
  mock.timers.tick(5000);
  assert.deepEqual(contents(), ["kept"]);
  upload.accept(PUSH, "{}");
  assert.equal(upload.isWanted, true);
  assert.throws(() => new LogUpload(server.aliIot, "loud" as never), /off, error, warn/);
});
