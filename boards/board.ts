/**
 * What differs between boards. A board file exports `device` and `createLink`, which go into the
 * bundle, `ownClock` (whether the board has a clock of its own, at 1970 from power-on, which the
 * firmware sets), `queue`, which does when the application has an offline queue, and `machine`, which only
 * the build and the virtual board read.
 * @module
 */
import type { CellularOptions } from "../src/link/cellular/options.ts";

/** The part of a board that the firmware itself needs; bundled, so every byte counts. */
export interface DeviceBoard {
  /** Name of the board file, e.g. `"esp32"`. */
  name: string;
  /** Looked at when it starts: a function, for what it gives takes memory. */
  needs(): BoardNeeds;
  /** How the board reaches the network. */
  link: "wifi" | "host" | "modem";
  /** Whether the interpreter's TLS is offered (it encrypts but does not verify the server). */
  tls: boolean;
  /** Whether the interpreter starts a Telnet console that has to be switched off. */
  telnet: boolean;
  /** Whether strings hold unicode text (Linux) or bytes only (every ESP32 build). */
  unicode: boolean;
  /** Where the firmware keeps what; all that it ever writes lies in here. */
  flash: FlashMap;
  /**
   * Name of the pin of a button that pulls it low, read once at each start: pressed, the board
   * stays on the REPL without the application. Empty: no button.
   */
  button: string;
  /** Bytes of an image that one MQTT message of a download brings. */
  blockBytes: number;
  /**
   * Who may sign images: RSA-2048 moduli in base64, as `npm run pack -- --new-key` prints them. With
   * none, unsigned images are accepted.
   */
  keys: string[];
  /** How long a new image may take to prove itself. */
  trial: TrialLimits;
  /** Whether `E.reboot()` starts the board anew; where it ends the process, `load()` stands in. */
  reboots: boolean;
}

/** Interpreter releases, as in `process.env.VERSION`, and what is wrong with them. */
export interface BadVersions {
  from: string;
  to: string;
  trouble: string;
}

/** Those whose console on an ESP32 can't keep up. */
export function lossyConsole(): BadVersions {
  return {
    from: "2v26",
    to: "2v29",
    trouble: "loses bytes that reach the console in bursts: send files to it in packets",
  };
}

/** What the firmware needs of the interpreter. */
export interface BoardNeeds {
  /** What `process.env.BOARD` says on this board; several where builds differ. */
  interpreters: string[];
  /** Oldest interpreter version that runs the bundle, as in `process.env.VERSION`, e.g. `"2v20"`. */
  minVersion: string;
  /** Interpreter releases with known trouble on this board, both ends included. */
  badVersions: BadVersions[];
  /** JsVars that must be free before the firmware starts its link. */
  minFreeVars: number;
  /** Built-in modules that the firmware uses, as in `process.env.MODULES`. */
  modules: string[];
}

/** The part of the flash that the firmware knows; addresses and sizes in bytes. */
export interface FlashMap {
  /** Erase unit. */
  page: number;
  /** Where `Storage` lives. */
  storage: FlashRange;
  /**
   * Raw flash, outside of every partition that is in use, for journal and settings (16 KB); 0: they
   * lie in the Storage file `area`, which must be the first one.
   */
  raw: number;
  /** What an image may take with its header; the files `slot.a` and `slot.b` hold one page more. */
  slotBytes: number;
}

/** After which an image that is tried is given up. */
export interface TrialLimits {
  /** Starts, at most 3. */
  starts: number;
  /** Minutes with the link up and no confirmation. */
  linkMinutes: number;
  /** Minutes in all, from a start on. */
  totalMinutes: number;
  /** Seconds that a script may keep the interpreter busy, where there is a watchdog. */
  watchdogSeconds: number;
}

/** An address range of the flash, in bytes. */
export interface FlashRange {
  start: number;
  length: number;
}

/** The part of a board that the build and the virtual board need: size, whole flash, console. */
export interface Machine {
  /** One line for people, e.g. `"ESP32 DevKit (classic), Wi-Fi"`. */
  title: string;
  /** `process.env.BOARD` and `VERSION` that the virtual board reports. */
  interpreter: { board: string; version: string };
  /** Number of JsVars (0: as many as needed) and the bytes of one. */
  jsVars: { total: number; bytes: number };
  /** Stack that the interpreter allows itself, in bytes; 0: no practical limit. */
  stackBytes: number;
  flash: {
    /** First address and size of what `Flash` sees. */
    base: number;
    size: number;
    /** Erase unit in bytes. */
    page: number;
    /** Where `Storage` lives; memory-mapped code runs in place. */
    storage: FlashRange & { mapped: boolean };
    /** Raw flash that no partition uses in any interpreter build for this board. */
    raw?: FlashRange;
    /** As in the device's map. */
    slotBytes: number;
    /** Ranges in which a write is fatal (boot loader, partition table, running program). */
    forbidden: FlashRange[];
    /** What `Flash.getFree()` answers; wrong on ESP32, which is why nothing uses it. */
    free: { addr: number; length: number }[];
  };
  /** Images hold the firmware compressed: where slots are small, RAM is not, and nothing is mapped. */
  compressed?: true;
  /** The modem that the virtual board is joined to, and how. */
  modem?: { family: string; wiring: CellularOptions };
  /** Pins by purpose; empty where the board has none. */
  pins: { led?: string };
  /** Where the REPL is. */
  console: { device: "Serial1" | "USB"; baud: number };
}
