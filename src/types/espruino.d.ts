/**
 * The part of the interpreter's API that the firmware uses (Espruino 2v20 and later). Byte strings
 * hold one byte a character (0-255) and are typed `string`.
 */

interface EspruinoE {
  /** One byte string of the arguments, flat where a run of memory is free; undefined without memory. */
  toString(
    ...parts: (string | number | ArrayBuffer | ArrayLike<number | string>)[]
  ): string | undefined;
  toUint8Array(...parts: (string | number | ArrayBuffer | ArrayLike<number>)[]): Uint8Array;
  /** CRC-32 of ISO 3309, of the whole input, as an unsigned number. */
  CRC32(bytes: string | ArrayLike<number>): number;
  /**
   * The sum of `a[i] * b[(i + offset) % b.length]` in double precision: exact for 128 terms of 16
   * by 16 bits. A negative offset counts from the end.
   */
  convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number;
  /** Whether a string holds unicode text; always false where the build has byte strings only. */
  isUTF8(text: any): boolean;
  sum(numbers: ArrayLike<number>): number;
  srand(seed: number): void;
  hwRand(): number;
  /** Ends the process on Linux. */
  reboot(): void;
  /** Restarts the board when the idle loop does not come by for so long; nothing on Linux. */
  enableWatchdog(seconds: number, automatic?: boolean): void;
  setTimeZone(hours: number): void;
  setConsole(device: any, options?: { force?: boolean }): void;
  getErrorFlags(): string[];
  on(event: "init" | "kill", listener: () => void): void;
  on(event: "errorFlag", listener: (flags: string[]) => void): void;
}
declare const E: EspruinoE;

/** Seconds since 1970, with a fraction. */
declare function getTime(): number;
/** Sets the clock, in seconds, and corrects running timers; not on Linux, where it breaks them. */
declare function setTime(seconds: number): void;
/** An id of the chip; a constant on Linux. */
declare function getSerial(): string;
/** Runs the boot files anew, all variables gone, once the present callback has ended. */
declare function load(): void;
/** True when the pin, given by name, is high. */
declare function digitalRead(pin: string): number;
declare function print(...values: any[]): void;
declare const console: { log(...values: any[]): void };
/** The global object. */
declare const global: { [name: string]: any };

interface EspruinoMemory {
  free: number;
  usage: number;
  total: number;
  blocksize: number;
  free_heap?: number;
}
declare const process: {
  env: { VERSION: string; BOARD: string; MODULES: string; SERIAL: string };
  /** `gc` false: don't collect first. */
  memory(gc?: boolean): EspruinoMemory;
  on(event: "uncaughtException", listener: (error: any) => void): void;
  removeAllListeners(event: "uncaughtException"): void;
};

/** A socket of `net` or `tls`. `write` queues without limit and always returns false. */
interface EspruinoSocket {
  /** Queues bytes; throws "This socket is closed" after the end. */
  write(bytes: string): boolean;
  /** Sends what is pending, then closes. */
  end(bytes?: string): void;
  on(event: "connect" | "drain" | "end", listener: () => void): void;
  on(event: "data", listener: (bytes: string) => void): void;
  on(event: "close", listener: (hadError: boolean) => void): void;
  on(event: "error", listener: (error: { code: number; message: string }) => void): void;
  removeAllListeners(event?: string): void;
}
interface EspruinoNet {
  /** Blocks while it resolves and connects; throws synchronously when that fails. */
  connect(
    options: { host: string; port: number },
    connected?: (socket: EspruinoSocket) => void,
  ): EspruinoSocket;
}

interface EspruinoStorage {
  /** A view of the file's bytes, undefined when it is missing. */
  read(name: string, offset?: number, length?: number): string | undefined;
  readJSON(name: string, noExceptions?: boolean): any;
  write(name: string, data: string, offset?: number, size?: number): boolean;
  writeJSON(name: string, data: any): boolean;
  erase(name: string): void;
  list(pattern?: RegExp): string[];
  getFree(): number;
}

interface EspruinoFlash {
  /** Beware: length first. */
  read(length: number, address: number): Uint8Array;
  write(data: string | Uint8Array, address: number): void;
  erasePage(address: number): void;
  getPage(address: number): { addr: number; length: number } | undefined;
}

interface EspruinoCrypto {
  SHA1(bytes: string | ArrayBuffer | Uint8Array): ArrayBuffer;
  SHA256(bytes: string | ArrayBuffer | Uint8Array): ArrayBuffer;
}

/** A serial port; a global of its name. */
interface EspruinoSerial {
  /** `path` on Linux, where a missing or bad one does not throw. */
  setup(
    baud: number,
    options: {
      rx?: string | undefined;
      tx?: string | undefined;
      path?: string | undefined;
    },
  ): void;
  /** Blocks while the port's queue is full. */
  write(bytes: string): void;
  on(event: "data", listener: (bytes: string) => void): void;
}

interface EspruinoPin {
  mode(mode: "input_pullup" | "output"): void;
  write(level: boolean): void;
  read(): boolean;
}
declare const Pin: { new (name: string): EspruinoPin };

interface EspruinoWifi {
  /** Needs `disconnect()` first where the driver is already started; the callback may never come. */
  connect(ssid: string, options: { password?: string }, done: (error: string | null) => void): void;
  disconnect(done?: () => void): void;
  stopAP(): void;
  getStatus(): { station: string; ssid?: string; rssi?: number };
  getIP(done: (error: string | null, ip: { ip: string; mac: string }) => void): void;
  getIP(): { ip: string; mac: string };
  setHostname(name: string): void;
  /** One look-up at a time; null when the name is unknown. */
  getHostByName(name: string, done: (ip: string | null) => void): void;
  on(event: string, listener: (details: any) => void): void;
}

declare function require(name: "Storage"): EspruinoStorage;
declare function require(name: "Flash"): EspruinoFlash;
declare function require(name: "net" | "tls"): EspruinoNet;
declare function require(name: "crypto"): EspruinoCrypto;
declare function require(name: "Wifi"): EspruinoWifi;
declare function require(name: "NetworkJS"): {
  /** Makes the object the network of all sockets until a reset. */
  create(driver: object): void;
};
declare function require(name: "TelnetServer"): {
  setOptions(options: { mode: "on" | "off" }): void;
};
