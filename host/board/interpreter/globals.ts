/**
 * The interpreter's global functions: printing, the clock, base 64, `require`.
 * @module
 */
import { toByteString } from "./bytes.ts";
import { type Core, runsOnLinux } from "./core.ts";
import type { Formatter } from "./format.ts";
import type { Value } from "./realm.ts";
import { defineUnmodelled } from "./unmodelled.ts";

/** What `setTime` and `setTimeZone` change. */
export interface Clock {
  /** Milliseconds that scripts see more than the host does. */
  offset: number;
  /** Hours east of Greenwich. */
  zone: number;
}

export function installGlobals(core: Core, clock: Clock, formatter: Formatter): void {
  const { realm, board } = core;
  const { global } = realm;
  const print = (_self: Value, ...values: Value[]) => {
    core.print(`${values.map((value) => formatter.display(value)).join(" ")}\n`);
  };
  const console = realm.library();
  for (const name of ["log", "debug", "info", "warn", "error"])
    realm.define(console, { [name]: print });
  realm.define(console, { trace: () => core.print("") });
  realm.hide(global, "console", console);
  realm.hide(global, "global", global);
  realm.define(global, {
    print,
    getTime: () => core.now() / 1000,
    setTime: (_self, seconds) => {
      // On Linux the clock can't be set; there running timers would be lost.
      if (runsOnLinux(board)) return;
      const ms = seconds === undefined ? 0 : Number(seconds) * 1000;
      clock.offset = ms - core.host.now();
    },
    getSerial: () => serialNumber(core),
    btoa: (_self, data) => Buffer.from(core.bytes(data)).toString("base64"),
    atob: (_self, text) => {
      if (typeof text !== "string") realm.throw("Error", `Expecting String, got ${typeName(text)}`);
      return toByteString(Buffer.from(text, "base64"));
    },
    eval: (_self, text) => core.evaluate(core.text(text), ""),
    load: (_self, file) =>
      core.restart(file === undefined ? { kind: "load" } : { kind: "load", file: core.text(file) }),
    reset: (_self, clear) => core.restart({ kind: "reset", clear: Boolean(clear) }),
    save: () => {
      if (core.store.find(".bootcde"))
        core.print(
          "Not saving: boot code present (.bootcde). Use `E.setBootCode()` to clear it first.\n",
        );
      else realm.throw("Error", "the virtual board does not model save");
    },
  });
  defineUnmodelled(realm, global, "", "dump", "trace");
  // `eval` must stay the language's own for calls of it to see the local scope.
  realm.hide(global, "eval", realm.intrinsics.eval);
  installModules(core);
}

/** The chip's id; on Linux the constant that every machine has. */
export function serialNumber(core: Core): string {
  return runsOnLinux(core.board) ? "00000000-addeadde-addeadde" : "30aea4-b04d00";
}

/** A value's type in the interpreter's messages. */
export function typeName(value: Value): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return "Array";
  const name = typeof value;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function installModules(core: Core): void {
  const { realm, builtins, store } = core;
  const cache = new Map<string, Value>();

  /** Whatever the module throws, what it has exported until then stays. */
  const load = (name: string, source: Value): Value => {
    const exports = realm.object();
    const module = realm.object({ exports });
    cache.set(name, exports);
    try {
      if (typeof source === "function") source.call(exports, exports, module);
      else {
        const wrapped = core.evaluate(`(function(exports,module){${core.text(source)}\n})`, name);
        wrapped.call(exports, exports, module);
      }
    } finally {
      cache.set(name, module.exports);
    }
    return module.exports;
  };
  const require = (_self: Value, value: Value) => {
    const name = core.text(value);
    if (cache.has(name)) return cache.get(name);
    const builtin = builtins.get(name);
    if (builtin) {
      const made = builtin();
      cache.set(name, made);
      return made;
    }
    const bytes = store.read(name);
    if (!bytes) return realm.throw("Error", `Module "${name}" not found`);
    return load(name, toByteString(bytes));
  };
  const modules = realm.library();
  realm.define(modules, {
    getCached: () => [...cache.keys()],
    removeCached: (_self, name) => {
      cache.delete(core.text(name));
    },
    removeAllCached: () => cache.clear(),
    addCached: (_self, name, source) => {
      load(core.text(name), source);
    },
  });
  realm.define(realm.global, { require });
  realm.hide(realm.global, "Modules", modules);
}
