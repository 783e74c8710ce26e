/**
 * The object `E`, and `process`.
 * @module
 */
import { crc32, looksLikeUtf8, toByteString } from "./bytes.ts";
import type { Core } from "./core.ts";
import { type Clock, serialNumber } from "./globals.ts";
import type { RandomNumbers } from "./random.ts";
import type { Value } from "./realm.ts";
import { defineUnmodelled } from "./unmodelled.ts";

/** What `E` and `process` ask of the rest. */
export interface Services {
  clock: Clock;
  random: RandomNumbers;
  takeFlags(): string[];
  memory(collect: boolean): Record<string, unknown>;
  /** The console's device; null: none. */
  setConsole(name: string | null): void;
  getConsole(): string | null;
  watchdog: { enable(seconds: number, automatic: boolean): void; kick(): void };
  sizeOf(value: Value): number;
}

const flagNames =
  "deepSleep unsafeFlash unsyncFiles pretokenise jitDebug onErrorSave onErrorFlash".split(" ");

export function installE(core: Core, services: Services): void {
  const { realm, board } = core;
  const { unicode } = board.device;
  const { random } = services;
  const E = realm.library();
  const flags: Record<string, number> = Object.fromEntries(flagNames.map((name) => [name, 0]));
  const joined = (values: Value[]) => Buffer.concat(values.map((value) => core.bytes(value)));
  const needsUnicode = () => {
    if (!unicode) realm.throw("Error", "Unicode not supported on this build");
  };
  let password = "";

  realm.define(E, {
    toString: (_self: Value, ...values: Value[]) => {
      if (values.length === 1 && typeof values[0] === "string" && !hasWide(values[0]))
        return values[0];
      return toByteString(joined(values));
    },
    toFlatString: (_self, ...values) => toByteString(joined(values)),
    toUint8Array: (_self, ...values) => realm.bytes(joined(values)),
    toArrayBuffer: (_self, text) => realm.bytes(core.bytes(text)).buffer,
    CRC32: (_self, data) => crc32(core.bytes(data)),
    srand: (_self, seed) => random.seed(seed === undefined ? Date.now() : Number(seed)),
    hwRand: () => random.next(),
    clip: (_self, value, least, most) => Math.min(Math.max(value, least), most),
    sum: (_self, list) => {
      let sum = 0;
      for (let i = 0; i < list.length; i++) sum += Number(list[i]);
      return sum;
    },
    variance: (_self, list, mean) =>
      Array.from(list as ArrayLike<number>).reduce((sum, one) => sum + (one - mean) ** 2, 0),
    convolve: (_self, a, b, offset) => {
      let sum = 0;
      let at = (((offset ?? 0) % b.length) + b.length) % b.length;
      for (let i = 0; i < a.length; i++) {
        sum += a[i] * b[at];
        at = (at + 1) % b.length;
      }
      return sum;
    },
    mapInPlace: (_self, from, to, map, _bits) => {
      for (let i = 0; i < from.length; i++) {
        const value = from[i];
        to[i] = typeof map === "function" ? map(value, i) : map ? map[value] : value;
      }
    },
    reverseByte: (_self, value) => {
      let reversed = 0;
      for (let bit = 0; bit < 8; bit++) reversed |= ((value >> bit) & 1) << (7 - bit);
      return reversed;
    },
    lookupNoCase: (_self, object, name, wantsKey) => {
      const key = Object.keys(object).find(
        (each) => each.toLowerCase() === String(name).toLowerCase(),
      );
      return key === undefined ? undefined : wantsKey ? key : object[key];
    },
    isUTF8: (_self, text) => typeof text === "string" && hasWide(text),
    asUTF8: (_self, text) => {
      needsUnicode();
      return looksLikeUtf8(text) ? new TextDecoder().decode(Buffer.from(text, "latin1")) : text;
    },
    fromUTF8: (_self, text) =>
      hasWide(text) ? toByteString(new TextEncoder().encode(text)) : text,
    decodeUTF8: (_self, text) => text,
    reboot: () => core.restart({ kind: "reboot" }),
    getErrorFlags: () => services.takeFlags(),
    getFlags: () => ({ ...flags }),
    setFlags: (_self, wanted) => {
      for (const name of Object.keys(wanted))
        if (name in flags) flags[name] = Number(Boolean(wanted[name]));
    },
    setTimeZone: (_self, hours) => {
      services.clock.zone = Number(hours);
    },
    setConsole: (_self, device) => {
      const name = device === null || device === undefined ? null : consoleName(core, device);
      core.print(`-> ${name}\n`);
      services.setConsole(name);
    },
    getConsole: () => services.getConsole(),
    setPassword: (_self, text) => {
      password = text === undefined ? "" : core.text(text);
    },
    lockConsole: () => {
      if (password !== "") services.setConsole(null);
    },
    enableWatchdog: (_self, seconds, automatic) =>
      services.watchdog.enable(Number(seconds), automatic !== false),
    kickWatchdog: () => services.watchdog.kick(),
    setBootCode: (_self, code, always) => {
      for (const name of [".bootcde", ".bootrst"]) core.store.erase(name);
      if (code !== undefined && code !== "")
        core.store.write(always ? ".bootrst" : ".bootcde", core.bytes(code));
    },
    getSizeOf: (_self, value) => Math.max(services.sizeOf(value), 1),
    // Nothing of its work can be seen.
    defrag: () => undefined,
    getTemperature: () => Number.NaN,
    // What the interpreter answers where the clock is fixed.
    getClock: () => undefined,
    setClock: () => 0,
  });
  defineUnmodelled(
    realm,
    E,
    "E.",
    "memoryArea",
    "setDST",
    "getAddressOf",
    "dumpStr",
    "dumpVariables",
    "stopEventPropagation",
  );
  realm.hide(realm.global, "E", E);

  const process = realm.library();
  const { machine } = board;
  const env = {
    VERSION: machine.interpreter.version,
    GIT_COMMIT: "virtual",
    BOARD: machine.interpreter.board,
    RAM: machine.jsVars.total * machine.jsVars.bytes,
    FLASH: machine.flash.size,
    STORAGE: machine.flash.storage.length,
    SERIAL: serialNumber(core),
    CONSOLE: machine.console.device,
    MODULES: [...core.builtins.keys()].join(","),
    EXPTR: 0,
  };
  realm.define(process, {
    memory: (_self, collect) => services.memory(collect !== false),
  });
  realm.hide(process, "env", realm.object(env));
  realm.hide(process, "version", machine.interpreter.version);
  realm.hide(realm.global, "process", process);
}

function hasWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return true;
  return false;
}

function consoleName(core: Core, device: Value): string {
  if (typeof device === "string") return device;
  const { global } = core.realm;
  const names = ["Serial1", "Serial2", "Serial3", "USB", "Telnet", "LoopbackA", "LoopbackB"];
  return (
    names.find((name) => global[name] === device) ?? core.realm.throw("Error", "Invalid device")
  );
}
