/**
 * Espruino's Linux port: a PC, or a Raspberry Pi running the plain Linux build. The host's network
 * is the link; nothing to wire.
 * @module
 */
import type { DeviceBoard, FlashMap, FlashRange, Machine } from "./board.ts";

export { createHostLink as createLink } from "../src/link/host.ts";

const flash: FlashMap = {
  page: 1024,
  storage: { start: 0x10000000, length: 256 << 10 },
  raw: 0,
  slotBytes: 78 << 10,
};

export const ownClock = false;

export const device: DeviceBoard = {
  name: "linux",
  needs: () => ({
    interpreters: ["LINUX", "LINUX32", "RASPBERRYPI"],
    minVersion: "2v20",
    // The heap grows later, by what the link asks for.
    minFreeVars: 500,
    modules: ["Storage", "Flash", "net", "tls", "crypto"],
    badVersions: [],
  }),
  link: "host",
  tls: true,
  telnet: false,
  unicode: true,
  flash,
  button: "",
  blockBytes: 1024,
  keys: [],
  trial: { starts: 3, linkMinutes: 5, totalMinutes: 30, watchdogSeconds: 120 },
  reboots: false,
};

/** None: what `Storage` has left is used. */
export const queue: FlashRange = { start: 0, length: 0 };

export const machine: Machine = {
  title: "Espruino for Linux",
  interpreter: { board: "LINUX", version: "2v29.277" },
  jsVars: { total: 0, bytes: 27 },
  stackBytes: 0,
  flash: {
    base: flash.storage.start,
    size: flash.storage.length,
    page: flash.page,
    storage: { start: flash.storage.start, length: flash.storage.length, mapped: false },
    slotBytes: flash.slotBytes,
    forbidden: [],
    free: [{ addr: flash.storage.start, length: flash.storage.length }],
  },
  pins: {},
  console: { device: "USB", baud: 0 },
};
