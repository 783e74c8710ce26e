import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { mock, type TestContext } from "node:test";
import { setLogLevel } from "../../src/debug/log.ts";
import { createWifiLink } from "../../src/link/wifi.ts";
import { ScriptedWifi } from "./scripted-wifi.ts";

const home = { ssid: "home", password: "s3cret-home" };
const work = { ssid: "work", password: "s3cret-work" };

function start(context: TestContext, networks = [home]) {
  setLogLevel("off");
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const wifi = new ScriptedWifi();
  Object.assign(globalThis, { require: () => wifi });
  const link = createWifiLink();
  const changes: boolean[] = [];
  link.onChange((up) => changes.push(up));
  link.up({ wifi: networks });
  return { wifi, link, changes, wait: (ms: number) => mock.timers.tick(ms) };
}

test("each attempt starts from a disconnected driver, without its own access point", (context) => {
  const { wifi } = start(context);
  assert.deepEqual(wifi.calls, ["stopAP", "disconnect", "connect home"]);
});

test("the callback, the event, or both bring it up, once", (context) => {
  for (const script of ["callback", "event", "both"]) {
    const { wifi, link, changes } = start(context);
    if (script !== "event") wifi.answer(null);
    if (script !== "callback") {
      wifi.emit("connected");
      wifi.emit("connected");
    }
    assert.deepEqual(changes, [true], script);
    assert.equal(link.isUp, true);
    mock.timers.reset();
  }
});

test("it says where it is connected, and never with which password", (context) => {
  const { wifi, link } = start(context);
  assert.match(link.describe(), /^Wi-Fi down/);
  wifi.answer(null);
  assert.equal(link.describe(), "Wi-Fi home, 192.168.1.7, -61 dBm");
});

test("no address in 30 s is a failure, and the next attempt follows", (context) => {
  const { wifi, wait } = start(context);
  wait(29_999);
  assert.deepEqual(wifi.attempts, ["home"]);
  wait(1);
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
});

test("a late answer to an attempt that was given up does not count", (context) => {
  const { wifi, changes, wait } = start(context);
  const connect = wifi.answer.bind(wifi);
  wait(30_000);
  connect("TOO_LATE");
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
  connect(null);
  assert.deepEqual(changes, [true]);
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

test("a loss is told, and the same network tried again", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.answer(null);
  wifi.emit("disconnected", { reason: 200, msg: "beacon timeout" });
  wifi.emit("disconnected", { reason: 8 });
  assert.deepEqual(changes, [true, false]);
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
  wifi.emit("connected");
  assert.deepEqual(changes, [true, false, true]);
});

test("after down() nothing follows", (context) => {
  const { wifi, link, changes, wait } = start(context);
  link.down();
  wifi.answer(null);
  wifi.emit("connected");
  wait(200_000);
  assert.deepEqual(wifi.attempts, ["home"]);
  assert.deepEqual(changes, []);
});

test("settings that can't work are refused by name", () => {
  const link = createWifiLink();
  assert.throws(() => link.up({}), /"wifi" must list at least one/);
  assert.throws(() => link.up({ wifi: [] }), /"wifi" must list at least one/);
  assert.throws(() => link.up({ wifi: [home, { ssid: "" }] }), /"wifi\[1\]\.ssid" is missing/);
});
