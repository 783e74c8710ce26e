/**
 * The ESP32's object `ESP32`.
 * @module
 */
import { Restart } from "./aborts.ts";
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";
import { defineUnmodelled } from "./unmodelled.ts";

const bootFiles = [".varimg", ".bootcde", ".bootrst"];

export function installEsp32(core: Core): void {
  const { realm } = core;
  const esp32 = realm.object();
  // The switch lies in the chip's own memory; boot code for the other memory size is thrown away.
  const switchRadio = (_self: Value, _on: Value) => {
    for (const name of bootFiles) core.store.erase(name);
    throw new Restart("ESP32 radio switched");
  };
  const sleep = () => {
    throw new Restart("deep sleep");
  };
  realm.define(esp32, {
    reboot: () => {
      throw new Restart("ESP32.reboot");
    },
    deepSleep: sleep,
    deepSleepExt0: sleep,
    deepSleepExt1: sleep,
    getWakeupCause: () => 0,
    enableBLE: switchRadio,
    enableWifi: switchRadio,
    getState: () => ({
      sdkVersion: "v3.1.3",
      freeHeap: 60000,
      minHeap: 50000,
      BLE: false,
      Wifi: true,
    }),
  });
  defineUnmodelled(realm, esp32, "ESP32.", "lightSleep", "setAtten", "setBLE_Debug");
  realm.hide(realm.global, "ESP32", esp32);
}
