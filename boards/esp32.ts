/**
 * ESP32 (classic: WROOM-32 and the like), official interpreter build `ESP32`, over its own Wi-Fi.
 * Wiring: none; USB for power, flashing and the REPL.
 * @module
 */
import type { DeviceBoard, Machine } from "./board.ts";

export { createWifiLink as createLink } from "../src/link/wifi.ts";

export const device: DeviceBoard = {
  name: "esp32",
  interpreters: ["ESP32"],
  minVersion: "2v20",
  minFreeVars: 1500,
  modules: ["Storage", "Flash", "net", "tls", "crypto", "Wifi"],
  link: "wifi",
  badVersions: [
    {
      from: "2v26",
      to: "2v29",
      trouble: "loses bytes that reach the console in bursts: send files to it in packets",
    },
  ],
  tls: true,
  telnet: true,
  unicode: false,
};

export const machine: Machine = {
  title: "ESP32 (classic), Wi-Fi",
  interpreter: { board: "ESP32", version: "2v29.277" },
  jsVars: { total: 16383, bytes: 14 },
  stackBytes: 25000,
  flash: {
    base: 0,
    size: 4 << 20,
    page: 4096,
    storage: { start: 0x320000, length: 0xe0000, mapped: true },
    raw: { start: 0x310000, length: 0x10000 },
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
  slotBytes: 96 << 10,
  pins: { button: "D0", led: "D2" },
  console: { device: "Serial1", baud: 115200 },
};
