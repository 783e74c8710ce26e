/**
 * A Wi-Fi link on a scripted library, with a clock that the test drives.
 * @module
 */
import "../device-globals.ts";
import { mock, type TestContext } from "node:test";
import { setLogLevel } from "../../src/debug/log.ts";
import type { WifiNetwork } from "../../src/link/link.ts";
import { createWifiLink } from "../../src/link/wifi.ts";
import { ScriptedWifi } from "./scripted-wifi.ts";

export const home = { ssid: "home", password: "s3cret-home" };
export const work = { ssid: "work", password: "s3cret-work" };

/** A link that has begun its first attempt, and what was told about it since. */
export function start(context: TestContext, networks: WifiNetwork[] = [home]) {
  setLogLevel("off");
  mock.timers.reset();
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
