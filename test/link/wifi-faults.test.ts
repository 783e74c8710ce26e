import assert from "node:assert/strict";
import test from "node:test";
import { home, start, work } from "./wifi-setup.ts";

test("the callback, the event, or both in any order and number bring it up, once", (context) => {
  for (const told of [
    ["callback"],
    ["event"],
    ["callback", "event"],
    ["event", "callback"],
    ["callback", "event", "event", "callback"],
  ] as const) {
    const { wifi, link, changes } = start(context);
    wifi.joins(...told);
    assert.deepEqual(changes, [true], told.join());
    assert.equal(link.isUp, true);
    assert.equal(link.counters.ups, 1);
    link.down();
  }
});

test("up to 2v29: neither callback nor event, and no address in 30 s is a failure", (context) => {
  const { wifi, link, wait } = start(context);
  wait(29_999);
  assert.equal(link.state, "connecting");
  wait(1);
  assert.equal(link.state, "waiting");
  assert.equal(link.describe(), "Wi-Fi down: no address in 30 s");
  wait(1000);
  assert.deepEqual(wifi.calls.slice(-4), [
    "disconnect",
    "connect home",
    "disconnect",
    "connect home",
  ]);
});

test("associated without an address is no connection", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.station = "connected";
  wifi.emit("associated");
  wait(30_000);
  assert.deepEqual(changes, []);
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
});

test("an address of which nothing was told is found when the attempt's time is up", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.join();
  wait(30_000);
  assert.deepEqual(changes, [true]);
  assert.deepEqual(wifi.attempts, ["home"]);
});

test("a loss of which nothing was told is found when a connection has failed", (context) => {
  const { wifi, link, changes, wait } = start(context);
  wifi.joins("callback");
  wait(30_000);
  link.look();
  wifi.leave("BEACON_TIMEOUT");
  const { asked } = wifi;
  wait(3_600_000);
  assert.equal(wifi.asked, asked, "nothing is looked at for nothing");
  assert.deepEqual(changes, [true]);
  link.look();
  assert.deepEqual(changes, [true, false]);
  assert.equal(link.describe(), "Wi-Fi down: the address is gone");
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
});

test("an address that is lost while associated ends the connection", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.joins("callback");
  wifi.ip = "0.0.0.0";
  wait(30_000);
  assert.deepEqual(changes, [true, false]);
  wait(1000);
  // Associated as it still is, it has to be disconnected first.
  assert.deepEqual(wifi.calls.slice(-2), ["disconnect", "connect home"]);
  wifi.joins("callback", "event");
  assert.deepEqual(changes, [true, false, true]);
});

test("a connection that came back by itself is kept, unless its address is another", (context) => {
  const { wifi, changes } = start(context);
  wifi.joins("callback");
  wifi.emit("connected");
  assert.deepEqual(changes, [true]);
  wifi.join("192.168.1.8");
  wifi.emit("connected");
  // The sockets of the old address are dead: whoever has one must let go of it.
  assert.deepEqual(changes, [true, false, true]);
});

test("a loss in the middle of an attempt does not end it", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.emit("disconnected", { reason: "8", msg: "ASSOC_LEAVE" });
  wifi.emit("disconnected");
  wait(10_000);
  assert.deepEqual(wifi.attempts, ["home"]);
  wifi.joins("callback");
  assert.deepEqual(changes, [true]);
});

test("a loss is told once, and the same network tried again", (context) => {
  const { wifi, changes, wait } = start(context, [home, work]);
  wifi.answer("NO_AP_FOUND");
  wait(1000);
  wifi.joins("callback");
  wifi.loses();
  wifi.loses("ASSOC_LEAVE");
  assert.deepEqual(changes, [true, false]);
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "work", "work"]);
  wifi.joins("event");
  assert.deepEqual(changes, [true, false, true]);
});

test("the driver that stopped after its three tries is started again", (context) => {
  const { wifi, link, wait } = start(context);
  // As this version tells the end of the tries: the event, then the callback.
  wifi.emit("disconnected", { reason: "201", msg: "NO_AP_FOUND" });
  wifi.answer("NO_AP_FOUND");
  assert.equal(link.describe(), "Wi-Fi down: NO_AP_FOUND");
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
});

test("a wrong password is told by its reason, and the next network tried", (context) => {
  const { wifi, link, wait } = start(context, [home, work]);
  wifi.emit("disconnected", { reason: "15", msg: "4WAY_HANDSHAKE_TIMEOUT" });
  wifi.answer("4WAY_HANDSHAKE_TIMEOUT");
  assert.equal(link.describe(), "Wi-Fi down: 4WAY_HANDSHAKE_TIMEOUT");
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "work"]);
});

test("an access point that goes for an hour is found again within a minute", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.joins("callback");
  wifi.loses();
  for (let second = 0; second < 3600; second++) {
    const before = wifi.attempts.length;
    wait(1000);
    if (wifi.attempts.length > before) wifi.answer("NO_AP_FOUND");
  }
  const tried = wifi.attempts.length;
  assert.ok(tried < 75, `${tried} attempts in an hour`);
  wait(60_000);
  assert.equal(wifi.attempts.length, tried + 1);
  wifi.joins("callback");
  assert.deepEqual(changes, [true, false, true]);
});

test("one that comes and goes is not stormed", (context) => {
  const { wifi, link, wait } = start(context);
  let seconds = 0;
  while (seconds < 600) {
    if (link.state === "connecting") {
      wifi.joins("callback");
      wifi.loses();
    }
    wait(1000);
    seconds++;
  }
  assert.ok(wifi.attempts.length < 20, `${wifi.attempts.length} attempts in 10 minutes`);
});

test("a late answer to an attempt that was given up does not count", (context) => {
  const { wifi, changes, wait } = start(context);
  wait(30_000);
  wifi.answer("TOO_LATE");
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
  wifi.joins("callback");
  assert.deepEqual(changes, [true]);
});

test("an address that comes in the pause after a failed attempt is taken", (context) => {
  const { wifi, link, changes, wait } = start(context, [home, work]);
  wait(30_000);
  wifi.joins("event");
  assert.deepEqual(changes, [true]);
  assert.match(link.describe(), /^Wi-Fi home, /);
  wait(60_000);
  assert.deepEqual(wifi.attempts, ["home"]);
});

test("the event of a connection that is gone again does not count", (context) => {
  const { wifi, changes, wait } = start(context);
  wifi.leave("BEACON_TIMEOUT");
  wifi.emit("connected");
  wifi.emit("disconnected", { msg: "BEACON_TIMEOUT" });
  assert.deepEqual(changes, []);
  wait(30_000);
  wait(1000);
  assert.deepEqual(wifi.attempts, ["home", "home"]);
});

test("a library that throws is a failed attempt", (context) => {
  const { wifi, link, wait } = start(context);
  wifi.answer("NO_AP_FOUND");
  wifi.throws.connect = "No SSID provided";
  wait(1000);
  assert.equal(link.describe(), "Wi-Fi down: No SSID provided");
  wifi.throws.disconnect = "broken";
  wait(2000);
  assert.equal(link.describe(), "Wi-Fi down: broken");
  wait(4000);
  assert.equal(link.state, "connecting");
});

test("a listener that throws does not stop the link", (context) => {
  const { wifi, link, wait } = start(context);
  let faults = 1;
  link.onChange(() => {
    if (faults-- > 0) throw new Error("not the link's");
  });
  wifi.join();
  assert.throws(() => wifi.answer(null), /not the link's/);
  assert.equal(link.isUp, true);
  wifi.leave("BEACON_TIMEOUT");
  wait(30_000);
  assert.equal(link.state, "waiting");
});
