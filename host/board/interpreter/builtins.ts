/**
 * The language's own objects where the interpreter's behave otherwise: random numbers, dates, text
 * and arrays.
 * @module
 */
import type { Core } from "./core.ts";
import { installFunctionCode } from "./function-code.ts";
import { numberText } from "./numbers.ts";
import { present } from "./present.ts";
import type { RandomNumbers } from "./random.ts";
import type { Value } from "./realm.ts";
import { installRegExp, type Patterns } from "./regexp.ts";
import { installTextSearch } from "./text-search.ts";

/** Answers how regular expressions are made. */
export function installBuiltins(core: Core, random: RandomNumbers): Patterns {
  const { realm } = core;
  const { intrinsics, global } = realm;
  const { Math: math } = intrinsics;
  realm.define(math, {
    random: () => random.fraction(),
    randInt: (_self, range) =>
      range === undefined || range === 0 ? random.next() : random.next() % Number(range),
    clip: (_self, value, least, most) => Math.min(Math.max(value, least), most),
    wrap: (_self, value, range) => value % range,
    sign: (_self, value) => Math.sign(value),
  });
  realm.define(intrinsics.Number.prototype, {
    toString: (self: Value, radix: Value) =>
      radix === undefined || radix === 10 ? numberText(+self) : (+self).toString(radix),
  });
  const number = withStatics(
    core,
    (value) => {
      // Blanks around a number are not taken off.
      if (typeof value === "string" && value !== value.trim()) return Number.NaN;
      return intrinsics.Number(value);
    },
    intrinsics.Number,
    0,
  );
  realm.hide(global, "Number", number);
  const { create } = intrinsics.Object;
  realm.define(intrinsics.Object, {
    create: (_self, prototype, properties) => {
      if (properties !== undefined) realm.throw("Error", "propertiesObject is not supported yet");
      return create(prototype);
    },
  });
  realm.define(intrinsics.Function.prototype, {
    toString: (self: Value) => core.text(self),
  });
  const Made = realm.class((_self, ...parts) => {
    const names = parts.slice(0, -1).map((part) => core.text(part));
    const body = parts.length === 0 ? "" : core.text(parts.at(-1));
    return core.evaluate(`(function(${names.join(",")}){${body}\n})`, "");
  });
  Object.defineProperty(Made, "prototype", { value: intrinsics.Function.prototype });
  realm.hide(intrinsics.Function.prototype, "constructor", Made);
  realm.hide(global, "Function", Made);
  installFunctionCode(core);
  installDate(core);
  installArrays(core);
  const patterns = installRegExp(core);
  installStrings(core, patterns);
  const string = withStatics(core, (value) => core.text(value), intrinsics.String, "");
  realm.define(string, {
    fromCharCode: (_self, ...codes) =>
      String.fromCharCode(
        ...codes.map((code) => (core.board.device.unicode ? Number(code) : Number(code) & 255)),
      ),
  });
  realm.hide(global, "String", string);
  return patterns;
}

/** A constructor that converts, with the native one's prototype and statics. */
function withStatics(
  core: Core,
  convert: (value: Value) => Value,
  native: Value,
  empty: Value,
): Value {
  const made = core.realm.class((_self, ...args) => (args.length === 0 ? empty : convert(args[0])));
  const statics = present.find(([name]) => native === core.realm.intrinsics[name])?.[1] ?? "";
  for (const name of statics.split(" ")) if (name !== "") core.realm.hide(made, name, native[name]);
  Object.defineProperty(made, "prototype", { value: native.prototype });
  core.realm.hide(native.prototype, "constructor", made);
  return made;
}

function installDate(core: Core): void {
  const { realm } = core;
  const Native = realm.intrinsics.Date;
  const now = () => core.now();
  const parse = (text: Value): number => {
    const time = Native.parse(String(text).replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
    return Number.isNaN(time) ? 0 : time;
  };
  const Made: Value = realm.class((_self, ...args) => {
    if (args.length === 0) return new Native(now());
    if (args.length === 1)
      return new Native(typeof args[0] === "string" ? parse(args[0]) : Number(args[0]));
    return new Native(...args);
  });
  Object.defineProperty(Made, "prototype", { value: Native.prototype });
  realm.hide(Native.prototype, "constructor", Made);
  realm.define(Made, { now, parse: (_self, text) => parse(text) });
  realm.define(Native.prototype, {
    toISOString: (self) => new Date(+self).toISOString(),
    toLocalISOString: (self) => new Date(+self).toISOString().replace("Z", "+0000"),
    toJSON: (self) => new Date(+self).toISOString(),
    toString: (self: Value) =>
      new Date(+self)
        .toUTCString()
        .replace(
          /^(\w+), (\d+) (\w+) (\d+) (.*) GMT$/,
          (_all, day, date, month, year, time) =>
            `${day} ${month} ${Number(date)} ${year} ${time} GMT+0000`,
        ),
  });
  realm.hide(realm.global, "Date", Made);
}

/** Sorts without keeping the order of equals, as the interpreter's quicksort does not. */
function installArrays(core: Core): void {
  const { realm } = core;
  const { prototype } = realm.intrinsics.Array;
  const sort = Array.prototype.sort;
  realm.define(prototype, {
    sort: (self, compare) => {
      const order =
        typeof compare === "function"
          ? (a: Value, b: Value) => {
              const result = compare(a, b);
              return typeof result === "boolean" ? (result ? 1 : -1) : Number(result);
            }
          : undefined;
      self.reverse();
      return sort.call(self, order);
    },
    forEach: (self, callback, that) => {
      if (typeof callback !== "function")
        realm.throw("Error", `Expecting function, got a ${typeof callback}`);
      for (let i = 0; i < self.length; i++) if (i in self) callback.call(that, self[i], i, self);
    },
  });
}

/** Reading a property that a string does not have is an exception there. */
function installStrings(core: Core, patterns: Patterns): void {
  const { realm } = core;
  const { prototype } = realm.intrinsics.String;
  installTextSearch(core, patterns);
  realm.define(prototype, {
    removeAccents: (self) => self.normalize("NFD").replace(/[\u0300-\u036f]/g, ""),
  });
}
