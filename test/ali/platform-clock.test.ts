import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { mock, type TestContext } from "node:test";
import { PlatformClock } from "../../src/ali/platform-clock.ts";
import type { Port } from "../../src/ali/port.ts";
import { topicsOf } from "../../src/ali/topics.ts";
import { setLogLevel } from "../../src/debug/log.ts";

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
const RESPONSE = "/ext/ntp/a1B2c3D4e5F/tracker_0001/response";

/** A clock with its requests as they were sent; the board's own time starts at 1970. */
function make(context: TestContext): { clock: PlatformClock; sent: [string, unknown][] } {
  setLogLevel("off");
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  context.after(() => mock.timers.reset());
  shift = 0;
  const sent: [string, unknown][] = [];
  const port = {
    topics: topicsOf({ productKey: "a1B2c3D4e5F", deviceName: "tracker_0001" } as never),
    attach: () => {},
    subscribe: (filter: string) => assert.equal(filter, RESPONSE),
    exchange: {
      publish: (topic: string, payload: string) => sent.push([topic, JSON.parse(payload)]),
    },
  };
  return { clock: new PlatformClock(port as unknown as Port), sent };
}

const answer = (received: number, sent: number) => ({
  deviceSendTime: "0",
  serverRecvTime: `${received}`,
  serverSendTime: `${sent}`,
});

test("asks at the log-on and takes half of the round trip into account", (context) => {
  const { clock, sent } = make(context);
  clock.online();
  assert.deepEqual(sent, [["/ext/ntp/a1B2c3D4e5F/tracker_0001/request", { deviceSendTime: "0" }]]);
  mock.timers.tick(800);
  const before = uptime();
  assert.ok(clock.accept(RESPONSE, JSON.stringify(answer(NOW, NOW + 100))));
  assert.equal(Math.round(boardTime() * 1000), NOW + 50 + 400);
  assert.ok(Math.abs(uptime() - before) < 1e-3, "deadlines do not notice");
});

test("asks again every day until it is stopped", (context) => {
  const { clock, sent } = make(context);
  const hours = (count: number) => {
    for (let hour = 0; hour < count; hour++) mock.timers.tick(3_600_000);
  };
  clock.online();
  hours(23);
  assert.equal(sent.length, 1);
  hours(1);
  assert.equal(sent.length, 2);
  hours(24);
  assert.equal(sent.length, 3);
  clock.offline();
  hours(48);
  assert.equal(sent.length, 3);
  clock.online();
  hours(12);
  clock.online();
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
    clock.online();
    clock.accept(RESPONSE, typeof wrong === "string" ? wrong : JSON.stringify(wrong));
    assert.equal(boardTime(), 0);
    assert.equal(timeOfDay(), undefined);
  });
}

test("an answer that nobody waits for sets no clock", (context) => {
  const { clock } = make(context);
  clock.accept(RESPONSE, JSON.stringify(answer(NOW, NOW)));
  clock.online();
  clock.offline();
  clock.accept(RESPONSE, JSON.stringify(answer(NOW, NOW)));
  assert.equal(boardTime(), 0);
});
