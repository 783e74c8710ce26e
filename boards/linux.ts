/**
 * Espruino's Linux port: a PC, or a Raspberry Pi running the plain Linux build. The host's network
 * is the link; nothing to wire.
 * @module
 */
import type { DeviceBoard, Machine } from "./board.ts";

export { createHostLink as createLink } from "../src/link/host.ts";

export const device: DeviceBoard = {
  name: "linux",
  interpreters: ["LINUX", "LINUX32", "RASPBERRYPI"],
  minVersion: "2v20",
  minFreeVars: 1500,
  modules: ["Storage", "Flash", "net", "tls", "crypto"],
  link: "host",
  badVersions: [],
  tls: true,
  telnet: false,
  unicode: true,
};

export const machine: Machine = {
  title: "Espruino for Linux",
  interpreter: { board: "LINUX", version: "2v29.277" },
  jsVars: { total: 0, bytes: 27 },
  stackBytes: 0,
  flash: {
    base: 0x10000000,
    size: 256 << 10,
    page: 1024,
    storage: { start: 0x10000000, length: 256 << 10, mapped: false },
    forbidden: [],
    free: [{ addr: 0x10000000, length: 256 << 10 }],
  },
  slotBytes: 64 << 10,
  pins: {},
  console: { device: "USB", baud: 0 },
};
