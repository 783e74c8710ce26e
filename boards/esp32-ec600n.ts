/**
 * ESP32 (classic) with a Quectel EC600N on its second UART, official interpreter build `ESP32`.
 * Wiring (the modem's pins have 1.8 V: level shifters on both data lines, NPN transistors with their
 * base resistors on the others, emitters to ground):
 * - D17 (TX) to MAIN_RXD, D16 (RX) from MAIN_TXD, ground to ground
 * - D25 high pulls PWRKEY low, D26 high pulls RESET_N low
 * - D27: pulled low by a transistor while the modem's STATUS is high
 * - the modem's supply: 3.4 to 4.3 V and 2 A at its peaks, not from the board
 * USB for power, flashing and the REPL. The button is the BOOT button; press it just after a reset.
 * @module
 */
import { createCellularLink } from "../src/link/cellular/link.ts";
import type { CellularOptions } from "../src/link/cellular/options.ts";
import { useNetworkOf } from "../src/link/network.ts";
import type { DeviceBoard, FlashMap, FlashRange, Machine } from "./board.ts";

/** How the modem is wired. */
export const modem: CellularOptions = {
  serial: "Serial2",
  rx: "D16",
  tx: "D17",
  urcPort: "uart1",
  powerKey: "D25",
  reset: "D26",
  status: "D27",
  pressed: 1,
  on: 0,
};

export function createLink() {
  return useNetworkOf(createCellularLink(modem));
}

const flash: FlashMap = {
  page: 4096,
  storage: { start: 0x320000, length: 0xe0000 },
  raw: 0x310000,
  slotBytes: 128 << 10,
};

export const ownClock = true;

export const device: DeviceBoard = {
  name: "esp32-ec600n",
  needs: () => ({
    interpreters: ["ESP32"],
    minVersion: "2v20",
    minFreeVars: 1500,
    modules: ["Storage", "Flash", "net", "tls", "crypto", "NetworkJS"],
    badVersions: [
      {
        from: "2v26",
        to: "2v29.199",
        trouble:
          "loses bytes of the modem, so connections will break: flash 2v30, or a nightly build",
      },
    ],
  }),
  link: "modem",
  tls: true,
  telnet: true,
  unicode: false,
  flash,
  button: "D0",
  blockBytes: 1024,
  keys: [],
  trial: { starts: 3, linkMinutes: 5, totalMinutes: 30, watchdogSeconds: 120 },
  reboots: true,
};

/** Behind journal and settings. */
export const queue: FlashRange = { start: 0x314000, length: 0x8000 };

export const machine: Machine = {
  title: "ESP32 (classic) with a Quectel EC600N",
  interpreter: { board: "ESP32", version: "2v29.277" },
  jsVars: { total: 16383, bytes: 14 },
  stackBytes: 25000,
  flash: {
    base: 0,
    size: 4 << 20,
    page: flash.page,
    storage: { start: flash.storage.start, length: flash.storage.length, mapped: true },
    raw: { start: flash.raw, length: 0x10000 },
    slotBytes: flash.slotBytes,
    forbidden: [
      { start: 0, length: 0xe000 },
      { start: 0x10000, length: 0x180000 },
    ],
    free: [
      { addr: 0xe000, length: 0x2000 },
      { addr: 0x310000, length: 0x10000 },
      { addr: 0x360000, length: 0xa0000 },
    ],
  },
  pins: { led: "D2" },
  modem: { family: "EC600N", wiring: modem },
  console: { device: "Serial1", baud: 115200 },
};
