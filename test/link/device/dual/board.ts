/**
 * An ESP32 with two links: its Wi-Fi, and in its place a line to a computer that lends its network.
 * @module
 */
import { createFallbackLink } from "../../../../src/link/fallback.ts";
import type { Link } from "../../../../src/link/link.ts";
import { createWifiLink } from "../../../../src/link/wifi.ts";
import { createLineLink } from "./line-link.ts";

export { device, machine, ownClock, queue } from "../../../../boards/esp32.ts";

export function createLink(): Link {
  return createFallbackLink(createWifiLink(), createLineLink(), { downAfter: 10, stableFor: 10 });
}
