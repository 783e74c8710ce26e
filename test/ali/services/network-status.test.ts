/**
 * The device's side of network status: now, every so often, and later what fell due while offline.
 * @module
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { link } from "../../../src/link/index.ts";
import { FakeServer } from "./fake-server.ts";

const { NetworkStatus } = await import("../../../src/ali/services/network-status.ts");

const NOW = Date.UTC(2026, 5, 1);
const { signal, identity } = link;
let server: FakeServer;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  server = new FakeServer();
  Object.assign(link, { signal: () => ({ dbm: -61, bars: 3 }) });
});
afterEach(() => {
  mock.timers.reset();
  Object.assign(link, { signal, identity });
});

test("posts what the link knows and what is given", () => {
  const status = new NetworkStatus(server.aliIot);
  status.post({ snr: 30, rssi: -60 });
  assert.deepEqual(server.calls, [
    {
      topic: "_thing/diag/post",
      message: {
        p: { _time: NOW, wifi: { rssi: -60, snr: 30 } },
        model: "format=simple|quantity=single|time=now",
      },
    },
  ]);
  Object.assign(link, { identity: () => ({ imei: "1" }) });
  mock.timers.setTime(0);
  status.post();
  assert.deepEqual(server.calls[1]?.message.p, { cellular: { rssi: -61 } });
  assert.equal(status.accept("/ext/network/probe/1"), true);
  assert.equal(status.accept("/ext/ntp/x"), false);
});

test("posts by itself, and after a time offline the newest states", () => {
  const status = new NetworkStatus(server.aliIot, 600);
  status.online();
  mock.timers.tick(600_000);
  assert.equal(server.calls.length, 1);
  status.offline();
  for (let turn = 0; turn < 15; turn++) mock.timers.tick(600_000);
  assert.equal(server.calls.length, 1);
  status.online();
  const { p, model } = server.calls[1]?.message ?? {};
  assert.equal(model, "format=simple|quantity=batch|time=history");
  assert.equal(p.length, 12);
  assert.deepEqual(p[11], { _time: NOW + 16 * 600_000, wifi: { rssi: -61 } });
  status.online();
  Object.assign(link, { signal });
  mock.timers.tick(600_000);
  assert.equal(server.calls.length, 2, "nothing is known");
  assert.throws(() => new NetworkStatus(server.aliIot, 5), /60 s or more/);
});
