import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { createWifiLink } from "../../src/link/wifi.ts";
import { home, start, work } from "./wifi-setup.ts";

test("each attempt starts from a disconnected driver, without its own access point", (context) => {
  const { wifi } = start(context);
  assert.deepEqual(wifi.calls, ["stopAP", "disconnect", "connect home"]);
});

test("it says where it is connected, and never with which password", (context) => {
  const { wifi, link } = start(context);
  assert.equal(link.describe(), "Wi-Fi down: not started");
  assert.deepEqual(link.identity(), { mac: "aa:bb:cc:dd:ee:ff" });
  wifi.joins("callback");
  assert.equal(link.describe(), "Wi-Fi home, 192.168.1.7, -61 dBm");
  assert.deepEqual(link.identity(), {
    mac: "aa:bb:cc:dd:ee:ff",
    ip: "192.168.1.7",
    ssid: "home",
  });
  wifi.rssi = undefined;
  assert.equal(link.describe(), "Wi-Fi home, 192.168.1.7");
  assert.ok(!JSON.stringify(link).includes("s3cret"));
});

test("what it does has a name at each moment", (context) => {
  const { wifi, link, wait } = start(context);
  assert.equal(link.state, "connecting");
  wifi.answer("NO_AP_FOUND");
  assert.equal(link.state, "waiting");
  wait(1000);
  assert.equal(link.state, "connecting");
  wifi.joins("callback");
  assert.equal(link.state, "up");
  wifi.loses();
  assert.equal(link.state, "waiting");
  link.down();
  assert.equal(link.state, "off");
});

test("bars follow the strength, and nothing is known while it is down", (context) => {
  const { wifi, link } = start(context);
  assert.deepEqual(link.signal(), { dbm: undefined, bars: 0 });
  wifi.joins("callback");
  for (const [dbm, bars] of [
    [-30, 4],
    [-55, 4],
    [-65, 3],
    [-75, 2],
    [-85, 1],
    [-90, 0],
    [-120, 0],
  ] as const) {
    wifi.rssi = dbm;
    assert.deepEqual(link.signal(), { dbm, bars });
  }
  wifi.rssi = undefined;
  assert.deepEqual(link.signal(), { dbm: undefined, bars: 0 });
});

test("the time is unknown until the clock has been set", (context) => {
  const { link } = start(context);
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: 60_000 });
  assert.equal(link.time(), undefined);
  mock.timers.setTime(Date.UTC(2026, 5, 1));
  assert.equal(link.time(), Date.UTC(2026, 5, 1));
});

test("what happened is counted", (context) => {
  const { wifi, link, wait } = start(context);
  wifi.answer("NO_AP_FOUND");
  wait(1000);
  wifi.joins("callback", "event");
  wifi.loses();
  wait(2000);
  wifi.joins("event");
  assert.deepEqual({ ...link.counters }, { ups: 2, downs: 1, failures: 1 });
});

test("networks are tried in order, and the pause after each round doubles to a minute", (context) => {
  const { wifi, wait } = start(context, [home, work]);
  const pauses: number[] = [];
  for (let round = 0; round < 8; round++) {
    wifi.answer("NO_AP_FOUND");
    wait(1000);
    assert.equal(wifi.attempts.at(-1), "work");
    wifi.answer("NO_AP_FOUND");
    let pause = 0;
    while (wifi.attempts.at(-1) === "work") {
      wait(500);
      pause += 500;
    }
    pauses.push(pause);
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test("after a while of connection the pauses begin anew", (context) => {
  const { wifi, wait } = start(context);
  for (const pause of [1000, 2000, 4000]) {
    wifi.answer("NO_AP_FOUND");
    wait(pause);
  }
  assert.equal(wifi.attempts.length, 4);
  wifi.joins("callback");
  wait(30_000);
  wifi.loses();
  wait(1000);
  assert.equal(wifi.attempts.length, 5);
});

test("after down() nothing follows, until up()", (context) => {
  const { wifi, link, changes, wait } = start(context);
  link.down();
  wifi.joins("callback", "event");
  wait(200_000);
  assert.deepEqual(wifi.attempts, ["home"]);
  assert.deepEqual(changes, []);
  link.up({ wifi: [work] });
  assert.equal(wifi.attempts.at(-1), "work");
  wifi.joins("callback");
  assert.deepEqual(changes, [true]);
});

test("settings that can't work are refused by name", () => {
  const link = createWifiLink();
  assert.throws(() => link.up({}), /"wifi" must list at least one/);
  assert.throws(() => link.up({ wifi: [] }), /"wifi" must list at least one/);
  assert.throws(() => link.up({ wifi: [home, { ssid: "" }] }), /"wifi\[1\]\.ssid" is missing/);
});
