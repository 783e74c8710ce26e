/**
 * What differs between boards. A board file exports `device` and `createLink`, which go into the
 * bundle, and `machine`, which only the build and the virtual board read.
 * @module
 */

/** The part of a board that the firmware itself needs; bundled, so every byte counts. */
export interface DeviceBoard {
  /** Name of the board file, e.g. `"esp32"`. */
  name: string;
  /** What `process.env.BOARD` says on this board; several where builds differ. */
  interpreters: string[];
  /** Oldest interpreter version that runs the bundle, as in `process.env.VERSION`, e.g. `"2v20"`. */
  minVersion: string;
  /** Interpreter releases with known trouble on this board, both ends included. */
  badVersions: { from: string; to: string; trouble: string }[];
  /** JsVars that must be free before the firmware starts its link. */
  minFreeVars: number;
  /** Built-in modules that the firmware uses, as in `process.env.MODULES`. */
  modules: string[];
  /** How the board reaches the network. */
  link: "wifi" | "host";
  /** Whether the interpreter's TLS is offered (it encrypts but does not verify the server). */
  tls: boolean;
  /** Whether the interpreter starts a Telnet console that has to be switched off. */
  telnet: boolean;
  /** Whether strings hold unicode text (Linux) or bytes only (every ESP32 build). */
  unicode: boolean;
}

/** An address range of the flash, in bytes. */
export interface FlashRange {
  start: number;
  length: number;
}

/** The part of a board that the build and the virtual board need: size, flash map, pins, console. */
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
    /** Ranges in which a write is fatal (boot loader, partition table, running program). */
    forbidden: FlashRange[];
    /** What `Flash.getFree()` answers; wrong on ESP32, which is why nothing uses it. */
    free: { addr: number; length: number }[];
  };
  /** Bytes that one image of the firmware may take. */
  slotBytes: number;
  /** Pins by purpose; empty where the board has none. */
  pins: { button?: string; led?: string };
  /** Where the REPL is. */
  console: { device: "Serial1" | "USB"; baud: number };
}
