/**
 * Values as the console shows them: the interpreter's lenient JSON with blanks, line breaks, limits.
 * @module
 */
import { printed } from "../../tokens/printed.ts";
import { escapes } from "./escapes.ts";
import { numberText } from "./numbers.ts";
import type { Realm, Value } from "./realm.ts";
import { originalText } from "./rewriter.ts";

const longArray = 15;
const shownItems = 5;
const longString = 60;
const shownCharacters = 27;
const itemsOnLine = 4;
const dots = " ... ";

/** How to show. */
export interface FormatOptions {
  /** Shorten what is long (answers of the REPL). */
  limit?: boolean;
  /** Keys that are identifiers stand without quotes (answers of the REPL). */
  bareKeys?: boolean;
}

/** A quoted string, `\xHH` for bytes that can't be shown. */
export function quote(text: string): string {
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const ch = text.charAt(i);
    const code = text.charCodeAt(i);
    const next = text.charAt(i + 1);
    if (escapes[ch]) result += escapes[ch];
    else if (ch === "\v") result += "\\v";
    else if (code < 8 && !(next >= "0" && next <= "7")) result += `\\${code}`;
    else if (code > 255) result += `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    else if (code < 32 || code >= 127)
      result += `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
    else result += ch;
  }
  return `${result}"`;
}

/** Formats values of one context. */
export class Formatter {
  /** Names of device objects, which show as such (`Serial1`). */
  readonly devices = new Map<Value, string>();

  constructor(private readonly realm: Realm) {}

  /** A value as `print` shows it: strings as they are, the rest as in `json`. */
  display(value: Value): string {
    return typeof value === "string" ? value : this.json(value);
  }

  /** A value as text, as `+` and `String()` convert it. */
  text(value: Value): string {
    if (typeof value === "string") return value;
    if (typeof value === "number") return numberText(value);
    if (value === null || typeof value !== "object") {
      if (typeof value === "function") return this.functionText(value);
      return String(value);
    }
    if (this.realm.isArray(value) || ArrayBuffer.isView(value))
      return Array.from(value as ArrayLike<Value>, (item) =>
        item === null || item === undefined ? "" : this.text(item),
      ).join(",");
    const convert = value.toString;
    if (
      typeof convert === "function" &&
      convert !== this.realm.intrinsics.Object.prototype.toString
    )
      return this.text(convert.call(value));
    return "[object Object]";
  }

  json(value: Value, options: FormatOptions = {}, depth = 0, open: Set<Value> = new Set()): string {
    if (value === undefined) return "undefined";
    if (typeof value === "string") return this.string(value, options);
    if (typeof value === "number") return numberText(value);
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "function") return this.functionText(value, options.limit);
    if (open.has(value)) return dots;
    if (depth > 60) return dots;
    open.add(value);
    const text = this.composite(value, options, depth, open);
    open.delete(value);
    return text;
  }

  private string(text: string, options: FormatOptions): string {
    if (!options.limit || text.length <= longString) return quote(text);
    return quote(text.slice(0, shownCharacters)) + dots + quote(text.slice(-shownCharacters));
  }

  private composite(value: Value, options: FormatOptions, depth: number, open: Set<Value>): string {
    if (this.realm.isArray(value)) return this.array(value, options, depth, open);
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (tag === "ArrayBuffer" || ArrayBuffer.isView(value)) return this.buffer(value, tag, options);
    const device = this.devices.get(value);
    if (device) return device;
    const name = this.className(value);
    if (name !== "") {
      const convert = value.toString;
      if (
        typeof convert === "function" &&
        convert !== this.realm.intrinsics.Object.prototype.toString
      )
        return `${name}: ${this.text(convert.call(value))}`;
    }
    return (name === "" ? "" : `${name}: `) + this.object(value, options, depth, open);
  }

  /** The global name of an object's constructor; empty for plain objects. */
  private className(value: Value): string {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === null || prototype === this.realm.intrinsics.Object.prototype) return "";
    const maker = prototype.constructor;
    if (typeof maker !== "function") return "";
    for (const name of Object.getOwnPropertyNames(this.realm.global))
      if (/^[A-Z_a-z]\w*$/.test(name) && this.realm.global[name] === maker) return name;
    return "";
  }

  private array(value: Value, options: FormatOptions, depth: number, open: Set<Value>): string {
    const limited = options.limit === true && value.length > longArray;
    let text = "[ ";
    let first = true;
    let breakNext = false;
    for (let i = 0; i < value.length; i++) {
      if (limited && i >= shownItems && i < value.length - shownItems) continue;
      if (!first) text += ", ";
      first = false;
      if (limited && i === value.length - shownItems) text += dots;
      const breaks = this.needsLine(value[i]);
      if (breakNext || breaks) text += newLine(depth + 1);
      text += this.json(value[i], options, depth + 1, open);
      breakNext = breaks;
    }
    const others = Object.keys(value).filter((key) => !/^\d+$/.test(key));
    const rest = this.members(value, others, options, depth, open, first);
    text += rest.text;
    if (breakNext || rest.breakNext) text += newLine(depth);
    return `${text} ]`;
  }

  private buffer(value: Value, tag: string, options: FormatOptions): string {
    const isBuffer = tag === "ArrayBuffer";
    const items = isBuffer ? new Uint8Array(value) : Array.from(value as ArrayLike<number>);
    const list = [...items];
    if (list.every((item) => item === 0)) return `new ${tag}(${list.length})`;
    const limited = options.limit === true && list.length > longArray;
    const shown = limited
      ? `${list.slice(0, shownItems).map(numberText).join(", ")}, ${dots}${list.slice(-shownItems).map(numberText).join(", ")}`
      : list.map(numberText).join(", ");
    return `new ${isBuffer ? "Uint8Array" : tag}([${shown}])${isBuffer ? ".buffer" : ""}`;
  }

  private object(value: Value, options: FormatOptions, depth: number, open: Set<Value>): string {
    const { text, breakNext } = this.members(value, Object.keys(value), options, depth, open, true);
    return `{ ${text}${breakNext ? newLine(depth) : ""} }`;
  }

  private members(
    value: Value,
    keys: string[],
    options: FormatOptions,
    depth: number,
    open: Set<Value>,
    isFirst: boolean,
  ): { text: string; breakNext: boolean } {
    let text = "";
    let first = isFirst;
    let breakNext = false;
    let onLine = 0;
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (!descriptor || descriptor.get || descriptor.set) continue;
      const item = descriptor.value;
      onLine++;
      if (!first) text += ", ";
      first = false;
      const breaks = this.needsLine(item);
      if (onLine > itemsOnLine) breakNext = true;
      if (breakNext || breaks) {
        text += newLine(depth + 1);
        breakNext = false;
        onLine = 0;
      }
      const bare = options.bareKeys && /^(?:[A-Za-z_$][\w$]*|\d+)$/.test(key);
      text += `${bare ? key : quote(key)}: ${this.json(item, options, depth + 1, open)}`;
      breakNext = breaks;
    }
    return { text, breakNext };
  }

  /** Whether a member's value stands on a line of its own; pins are numbers. */
  private needsLine(value: Value): boolean {
    const isPin = /^D\d/.test(this.devices.get(value) ?? "");
    const isPlain = ["number", "boolean", "undefined"].includes(typeof value);
    return !(isPin || isPlain || value === null);
  }

  /** A function's source as the console shows it. */
  functionText(value: Value, short = false): string {
    if (this.realm.natives.has(value)) return "function () { [native code] }";
    const source = printed(originalText(Function.prototype.toString.call(value)));
    if (
      /\{\s*\[native code\]\s*\}$/.test(source) ||
      /^function \(\.\.\.args\) \{\s*try \{\s*return call\(this/.test(source)
    )
      return "function () { [native code] }";
    const match = /^(?:function\s*[\w$]*\s*)?\(?([^)]*?)\)?\s*(?:=>)?\s*(\{[\s\S]*\})$/.exec(
      source,
    );
    if (!match) return source;
    const body = short && match[2] !== "{}" ? "{ ... }" : match[2];
    return `function (${(match[1] ?? "").replace(/\s/g, "")}) ${body}`;
  }
}

function newLine(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
