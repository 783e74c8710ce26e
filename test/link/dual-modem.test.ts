/**
 * The very firmware on a board with Wi-Fi and a simulated modem, driven.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as board from "../../boards/esp32-ec600n.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import { build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { DrivenClock, MemoryNetwork, Modem } from "../../host/modem/index.ts";
import { modulePins } from "../../host/modem/pins.ts";
import { Network } from "../power/network.ts";
import { MQTT_PORT } from "../power/platform.ts";
import { flashed } from "../power/scene.ts";
import { ReportPlatform } from "./dual-peers.ts";

/** Times that the Wi-Fi goes and comes back, with so many reports each. */
const ROUNDS = 4;
const REPORTS = 100;
const home = { ssid: "driven", password: "driven-board" };

const built = await build({
  board: "esp32-ec600n",
  boardFile: join(import.meta.dirname, "device/dual/modem-board.ts"),
  outDir: inProject(".cache/link/dual-modem"),
  quiet: true,
});

test("from the Wi-Fi to the modem and back, no report is lost", () => {
  const clock = new DrivenClock();
  const air = new MemoryNetwork(clock);
  const modem = new Modem({ clock, network: air, start: "off" });
  const network = new Network();
  const platform = new ReportPlatform(network, MQTT_PORT);
  air.listen("mqtt.test", MQTT_PORT, (peer) => {
    platform.over = "line";
    const own = platform.accept({
      send: (bytes) => peer.send(Buffer.from(bytes).toString("latin1")),
      end: () => peer.close(),
    });
    return { onData: (bytes) => own.receive(Buffer.from(bytes, "latin1")) };
  });
  const driven = new DrivenBoard({
    board,
    bytes: flashed(board, built, { log: "info", cellular: { apn: "cmnet" } }),
    network,
    wifi: { networks: [home], delay: 500 },
    serial: { Serial2: modem },
    pins: modulePins(modem, { powerKey: "D25", reset: "D26", status: "D27", pressed: 1, on: 0 }),
    companions: [clock.companion],
    pollMs: 5,
  });
  const said = (): string => driven.output.slice(-600);
  let sent = 0;
  const report = (count: number): void => {
    for (let i = 0; i < count; i++) {
      driven.type(`ali.report({energy:${++sent}});\n`);
      driven.run(1000);
    }
  };
  const overs = (from: number): string[] => [
    ...new Set(platform.received.filter(({ number }) => number >= from).map(({ over }) => over)),
  ];
  const until = (holds: () => boolean, seconds: number): void => {
    for (let i = 0; i < seconds && !holds(); i++) driven.run(1000);
    assert.ok(holds(), said());
  };

  driven.powerOn();
  until(() => platform.logOns === 1, 60);
  driven.run(5000);
  platform.received.length = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const first = sent + 1;
    report(20);
    assert.deepEqual(overs(first), ["wifi"]);
    driven.wifi = { networks: [], delay: 500 };
    report(20);
    until(() => platform.logOns === 2 * round + 2, 120);
    report(20);
    assert.deepEqual(overs(first + 45), ["line"], said());
    driven.wifi = { networks: [home], delay: 500 };
    platform.over = "wifi";
    until(() => platform.logOns === 2 * round + 3, 180);
    report(first + REPORTS - 1 - sent);
    until(() => new Set(platform.received.map(({ number }) => number)).size === sent, 60);
    assert.deepEqual(overs(first + 90), ["wifi"]);
  }
  assert.deepEqual(
    [...new Set(platform.received.map(({ number }) => number))],
    Array.from({ length: ROUNDS * REPORTS }, (_, index) => index + 1),
  );
  assert.deepEqual(driven.restarts, []);
  assert.doesNotMatch(driven.output, /Uncaught/);
});
