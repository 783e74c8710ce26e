import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { mock, type TestContext } from "node:test";
import type { Exchange } from "../../src/ali/exchange.ts";
import type { PlatformClock } from "../../src/ali/platform-clock.ts";
import { topicsOf } from "../../src/ali/topics.ts";
import { setLogLevel } from "../../src/debug/log.ts";

// The board of these units is Linux, whose clock is the host's: here it is one of its own.
const { device } = await import("../../boards/linux.ts");
device.ownClock = true;
const { PlatformClock: Clock } = await import("../../src/ali/platform-clock.ts");
const { timeOfDay, uptime } = await import("../../src/system/clock.ts");

let shift = 0;
const boardTime = () => Date.now() / 1000 + shift;
Object.assign(globalThis, {
  getTime: boardTime,
  setTime: (seconds: number) => {
    shift += seconds - boardTime();
  },
});

const NOW = Date.UTC(2026, 5, 1);

/** A clock with its requests as they were sent; the board's own time starts at 1970. */
function make(context: TestContext): { clock: PlatformClock; sent: [string, unknown][] } {
  setLogLevel("off");
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  context.after(() => mock.timers.reset());
  shift = 0;
  const sent: [string, unknown][] = [];
  const exchange = {
    publish: (topic: string, payload: string) => sent.push([topic, JSON.parse(payload)]),
  };
  const topics = topicsOf({ productKey: "a1B2c3D4e5F", deviceName: "tracker_0001" } as never);
  return { clock: new Clock(exchange as unknown as Exchange, topics), sent };
}

const answer = (received: number, sent: number) => ({
  deviceSendTime: "0",
  serverRecvTime: `${received}`,
  serverSendTime: `${sent}`,
});

test("asks at the log-on and takes half of the round trip into account", (context) => {
  const { clock, sent } = make(context);
  clock.start();
  assert.deepEqual(sent, [["/ext/ntp/a1B2c3D4e5F/tracker_0001/request", { deviceSendTime: "0" }]]);
  mock.timers.tick(800);
  const before = uptime();
  clock.accept(answer(NOW, NOW + 100));
  assert.equal(Math.round(boardTime() * 1000), NOW + 50 + 400);
  assert.ok(Math.abs(uptime() - before) < 1e-3, "deadlines do not notice");
});

test("asks again every day until it is stopped", (context) => {
  const { clock, sent } = make(context);
  const hours = (count: number) => {
    for (let hour = 0; hour < count; hour++) mock.timers.tick(3_600_000);
  };
  clock.start();
  hours(23);
  assert.equal(sent.length, 1);
  hours(1);
  assert.equal(sent.length, 2);
  hours(24);
  assert.equal(sent.length, 3);
  clock.stop();
  hours(48);
  assert.equal(sent.length, 3);
  clock.start();
  hours(12);
  clock.start();
  assert.equal(sent.length, 5);
  hours(24);
  assert.equal(sent.length, 6, "a day after the last log-on, once");
});

for (const [what, wrong] of Object.entries({
  "a text": "now",
  null: null,
  "no times": {},
  "a time that is none": { serverRecvTime: "soon", serverSendTime: "1780272000000" },
  "a time before 2024": answer(1000, 1000),
})) {
  test(`${what} sets no clock`, (context) => {
    const { clock } = make(context);
    clock.start();
    clock.accept(wrong);
    assert.equal(boardTime(), 0);
    assert.equal(timeOfDay(), undefined);
  });
}

test("an answer that nobody waits for sets no clock", (context) => {
  const { clock } = make(context);
  clock.accept(answer(NOW, NOW));
  clock.start();
  clock.stop();
  clock.accept(answer(NOW, NOW));
  assert.equal(boardTime(), 0);
});
