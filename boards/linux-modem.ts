/**
 * Espruino's Linux port with a Quectel modem on USB or a serial adapter: a PC, or a Raspberry Pi.
 * Wiring: none but the modem's cable. The setting `cellular.port` names the modem's AT port when it
 * is not `/dev/ttyUSB2`; close ModemManager, which would use it, too. Over USB the modem powers up by
 * itself, so there is no power key. Its bundle would not fit Storage three times: images hold it
 * compressed, and it runs from RAM, so it takes an interpreter whose memory grows (64 bits).
 * @module
 */
import { createCellularLink } from "../src/link/cellular/link.ts";
import type { CellularOptions } from "../src/link/cellular/options.ts";
import { useNetworkOf } from "../src/link/network.ts";
import type { DeviceBoard, FlashMap, FlashRange, Machine } from "./board.ts";

const modem: CellularOptions = { serial: "Serial1", path: "/dev/ttyUSB2", urcPort: "usbat" };

export function createLink() {
  return useNetworkOf(createCellularLink(modem));
}

const flash: FlashMap = {
  page: 1024,
  storage: { start: 0x10000000, length: 256 << 10 },
  raw: 0,
  slotBytes: 78 << 10,
};

export const ownClock = false;

export const device: DeviceBoard = {
  name: "linux-modem",
  needs: () => ({
    interpreters: ["LINUX", "LINUX32", "RASPBERRYPI"],
    minVersion: "2v20",
    // The heap grows later, by what the link asks for.
    minFreeVars: 500,
    modules: ["Storage", "Flash", "net", "tls", "crypto", "NetworkJS", "heatshrink"],
    badVersions: [],
  }),
  link: "modem",
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
  title: "Espruino for Linux with a Quectel modem",
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
  compressed: true,
  pins: {},
  modem: { family: "EC600N", wiring: modem },
  console: { device: "USB", baud: 0 },
};
