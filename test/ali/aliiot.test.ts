import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { mock, type TestContext } from "node:test";
import { AliIot } from "../../src/ali/aliiot.ts";
import { NO_NETWORK } from "../../src/ali/codes.ts";
import { setLogLevel } from "../../src/debug/log.ts";
import { DISCONNECTED, OFFLINE } from "../../src/mqtt/error.ts";

// The link is down in these tests: nothing calls its `up()`.

function make(context: TestContext, change = {}) {
  setLogLevel("off");
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  context.after(() => mock.timers.reset());
  return new AliIot({
    productKey: "a1B2c3D4e5F",
    deviceName: "tracker_0001",
    deviceSecret: "0123456789abcdef0123456789abcdef",
    server: "127.0.0.1:1",
    ...change,
  });
}

test("connect() without a network resolves with its own code after a minute", async (context) => {
  const server = make(context);
  const result = server.connect();
  assert.equal(server.connect(), result, "a second call joins the first");
  mock.timers.tick(60_000);
  assert.equal(await result, NO_NETWORK);
  assert.equal(server.status, false);
});

test("disconnect() settles a connect() that waits", async (context) => {
  const server = make(context);
  const result = server.connect();
  const gone = server.disconnect();
  mock.timers.tick(1);
  assert.equal(await result, DISCONNECTED);
  assert.equal(await gone, false);
});

test("a QoS 0 report while offline is refused with the reason", async (context) => {
  const server = make(context, { qos: 0 });
  assert.equal(await server.propertiesReport({ energy: 1 }), false);
  assert.equal(server.lastReply?.code, OFFLINE);
  assert.equal(server.stats().waiting, 0);
});

test("QoS 1 reports while offline fail after the time-out, none waiting for another", async (context) => {
  const server = make(context, { replyTimeout: 1000 });
  const reports = [1, 2, 3].map((energy) => server.propertiesReport({ energy }));
  mock.timers.tick(1000);
  assert.deepEqual(await Promise.all(reports), [false, false, false]);
  assert.equal(server.stats().timeouts, 3);
  assert.equal(server.stats().mqtt.outbox, 3, "they still wait to be sent");
});

test("events and services can be added once each", (context) => {
  const server = make(context);
  assert.equal(server.addEvent("sos_alarm"), true);
  assert.equal(server.addEvent("sos_alarm"), false);
  assert.equal(server.addService("sos_alarm"), true, "a service may be named like an event");
  assert.equal(server.addService("sos_alarm"), false);
  assert.equal(server.addEvent("a/b"), false);
  assert.equal(server.addService(""), false);
});

for (const step of [0, -5, 101, Number.NaN]) {
  test(`progress ${step} is no step of the platform`, async (context) => {
    assert.equal(await make(context).otaDeviceProgress(step, "x", "m"), false);
  });
}
