/**
 * An ESP32 with two links: its Wi-Fi, and a modem on its second UART.
 * @module
 */
import { modem } from "../../../../boards/esp32-ec600n.ts";
import { createCellularLink } from "../../../../src/link/cellular/link.ts";
import { createFallbackLink } from "../../../../src/link/fallback.ts";
import type { Link } from "../../../../src/link/link.ts";
import { createWifiLink } from "../../../../src/link/wifi.ts";

export { device, machine, ownClock, queue } from "../../../../boards/esp32-ec600n.ts";

export function createLink(): Link {
  const second = createCellularLink(modem);
  return createFallbackLink(createWifiLink(), second, { downAfter: 10, stableFor: 10 });
}
