/**
 * An ESP32 with two links: its Wi-Fi, and a modem on its second UART.
 * @module
 */
import { createCellularLink } from "../../../../src/link/cellular/link.ts";
import { createFallbackLink } from "../../../../src/link/fallback.ts";
import type { Link } from "../../../../src/link/link.ts";
import { createWifiLink } from "../../../../src/link/wifi.ts";

export { device, machine } from "../../../../boards/esp32-ec600n.ts";

export function createLink(): Link {
  const modem = createCellularLink({
    serial: "Serial2",
    rx: "D16",
    tx: "D17",
    urcPort: "uart1",
    powerKey: "D25",
    reset: "D26",
    status: "D27",
    pressed: 1,
    on: 0,
  });
  return createFallbackLink(createWifiLink(), modem, { downAfter: 10, stableFor: 10 });
}
