/**
 * The very firmware on a driven ESP32 whose Wi-Fi fails as the interpreter's does.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as board from "../../boards/esp32.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import type { WifiWorld } from "../../host/board/interpreter/host.ts";
import { build } from "../../host/build/index.ts";
import { Network } from "../power/network.ts";
import { MQTT_PORT } from "../power/platform.ts";
import { flashed } from "../power/scene.ts";
import { ReportPlatform } from "./dual-peers.ts";

const home = { ssid: "home", password: "home-password" };
const work = { ssid: "work", password: "work-password" };
const MINUTE = 60;

const built = await build({ board: "esp32", quiet: true });
const flash = flashed(board, built, { log: "info", wifi: [home, work] });

/** A board that is switched on in this air. */
function start(wifi: WifiWorld) {
  const network = new Network();
  const platform = new ReportPlatform(network, MQTT_PORT);
  const driven = new DrivenBoard({ board, bytes: flash.slice(), network, wifi });
  driven.powerOn();
  return {
    platform,
    run: (seconds: number) => driven.run(seconds * 1000),
    /** The air changes. */
    air: (world: WifiWorld) => {
      driven.wifi = world;
    },
    jump: (seconds: number) => driven.jumpClock(seconds * 1000),
    /** Seconds until this log-on, at most `limit`. */
    logsOn(count: number, limit: number): number {
      for (let second = 0; second <= limit; second++) {
        if (platform.logOns >= count) return second;
        driven.run(1000);
      }
      throw new Error(`log-on ${count} did not happen: ${driven.output.slice(-500)}`);
    },
    ask(expression: string): string {
      const before = driven.output.length;
      driven.type(`print("TOLD",${expression});\n`);
      driven.run(50);
      return /TOLD (.*)\r\n/.exec(driven.output.slice(before))?.[1] ?? "";
    },
    check() {
      assert.deepEqual(driven.restarts, []);
      assert.doesNotMatch(driven.output, /Uncaught|password/);
    },
  };
}

const link = "ali.status().link";

test("a callback that never comes (up to 2v29) delays it by the attempt's 30 s", () => {
  const scene = start({ networks: [home], fault: "never-calls-back" });
  scene.run(20);
  scene.air({ networks: [home], delay: 2000 });
  scene.logsOn(1, 2 * MINUTE);
  assert.match(scene.ask(link), /^Wi-Fi home, 192\.168\.4\.2, -60 dBm/);
  scene.check();
});

test("an association without an address is given up, and the next network taken", () => {
  const scene = start({ networks: [home, work], fault: "no-address" });
  scene.run(29);
  assert.match(scene.ask(link), /^Wi-Fi down/);
  scene.run(1);
  scene.air({ networks: [work] });
  scene.logsOn(1, MINUTE);
  assert.match(scene.ask(link), /^Wi-Fi work, /);
  scene.check();
});

test("with a wrong password for the first network the second is used", () => {
  const scene = start({ networks: [{ ...home, password: "changed" }, work], delay: 1000 });
  scene.logsOn(1, MINUTE);
  assert.match(scene.ask(link), /^Wi-Fi work, /);
  scene.check();
});

test("without any network it says why, and connects within a minute of there being one", () => {
  const scene = start({ networks: [] });
  scene.run(60 * MINUTE);
  assert.equal(scene.ask(link), "Wi-Fi down: NO_AP_FOUND");
  scene.air({ networks: [work] });
  const seconds = scene.logsOn(1, 2 * MINUTE);
  assert.ok(seconds <= 62, `${seconds} s`);
  scene.check();
});

test("an access point that goes, for a moment or for ten minutes, is found again", () => {
  const scene = start({ networks: [home], delay: 500 });
  scene.logsOn(1, MINUTE);
  for (const [round, seconds] of [3, 40, 10 * MINUTE].entries()) {
    scene.run(MINUTE);
    scene.air({ networks: [], delay: 500 });
    scene.run(seconds);
    scene.air({ networks: [home], delay: 500 });
    scene.logsOn(round + 2, 2 * MINUTE);
  }
  assert.match(scene.ask(link), /^Wi-Fi home, /);
  scene.check();
});

test("an access point that another one of the list replaces", () => {
  const scene = start({ networks: [home], delay: 500 });
  scene.logsOn(1, MINUTE);
  scene.air({ networks: [work], delay: 500 });
  scene.logsOn(2, MINUTE);
  assert.match(scene.ask(link), /^Wi-Fi work, /);
  scene.check();
});

test("a clock that is set under the timers costs one attempt at most", () => {
  const scene = start({ networks: [home], delay: 500 });
  scene.run(0.3);
  scene.jump(50 * 365 * 24 * 60 * MINUTE);
  scene.logsOn(1, 5);
  scene.jump(24 * 60 * MINUTE);
  scene.run(10 * MINUTE);
  assert.equal(scene.platform.logOns, 1);
  assert.match(scene.ask(link), /^Wi-Fi home, /);
  scene.check();
});
