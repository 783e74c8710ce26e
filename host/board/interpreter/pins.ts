/**
 * Pins, as far as the firmware reads them: each is high unless the world outside pulls it low.
 * @module
 */
import type { Core } from "./core.ts";

export function installPins(core: Core): void {
  const { realm, host } = core;
  realm.define(realm.global, {
    digitalRead: (_self, pin) => (host.isLow?.(core.text(pin)) ? 0 : 1),
  });
}
