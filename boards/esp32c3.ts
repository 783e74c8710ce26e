/**
 * ESP32-C3, official interpreter build `ESP32C3_IDF4`, over its own Wi-Fi.
 * Wiring: none; the chip's own USB for power, flashing and the REPL. The button is the BOOT button:
 * the chip's ROM reads it at power-on and reset and, held then, waits for a download, so press it
 * just after.
 *
 * Builds made since August 2026 have 4,095 variables and a stack of 15,000 bytes. On a 32-bit
 * interpreter with as many (`npm run bench -- memory`) the least application leaves some 2,200 of them,
 * and the sample application logs on, answers and is updated over HTTP. What an update over MQTT takes
 * is more by some 200. Nobody has tried it on the chip yet, whose Wi-Fi driver takes some 150 more.
 * @module
 */
import {
  type DeviceBoard,
  type FlashMap,
  type FlashRange,
  lossyConsole,
  type Machine,
} from "./board.ts";

export { createWifiLink as createLink } from "../src/link/wifi.ts";

const flash: FlashMap = {
  page: 4096,
  storage: { start: 0x320000, length: 0xe0000 },
  raw: 0x310000,
  slotBytes: 96 << 10,
};

export const ownClock = true;

export const device: DeviceBoard = {
  name: "esp32c3",
  needs: () => ({
    interpreters: ["ESP32C3_IDF4"],
    minVersion: "2v22",
    minFreeVars: 1500,
    modules: ["Storage", "Flash", "net", "tls", "crypto", "Wifi"],
    badVersions: [lossyConsole()],
  }),
  link: "wifi",
  tls: true,
  telnet: false,
  unicode: false,
  flash,
  button: "D9",
  blockBytes: 512,
  keys: [],
  trial: { starts: 3, linkMinutes: 5, totalMinutes: 30, watchdogSeconds: 120 },
  reboots: true,
};

/** Behind journal and settings. */
export const queue: FlashRange = { start: 0x314000, length: 0x8000 };

export const machine: Machine = {
  title: "ESP32-C3, Wi-Fi",
  interpreter: { board: "ESP32C3_IDF4", version: "2v29.277" },
  jsVars: { total: 4095, bytes: 13 },
  stackBytes: 15000,
  flash: {
    base: 0,
    size: 4 << 20,
    page: flash.page,
    storage: { start: flash.storage.start, length: flash.storage.length, mapped: true },
    raw: { start: flash.raw, length: 0x10000 },
    slotBytes: flash.slotBytes,
    // Boot loader, partition table, settings of Wi-Fi and radio; the interpreter.
    forbidden: [
      { start: 0, length: 0x10000 },
      { start: 0x10000, length: 0x1f4000 },
    ],
    free: [
      { addr: 0xe000, length: 0x2000 },
      { addr: 0x310000, length: 0x10000 },
      { addr: 0x360000, length: 0xa0000 },
    ],
  },
  pins: { led: "D8" },
  console: { device: "Serial1", baud: 115200 },
};
