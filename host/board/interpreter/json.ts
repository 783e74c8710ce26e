/**
 * `JSON` as the interpreter has it: a lenient parser without a stack check, a serialiser that
 * escapes every byte beyond ASCII as `\u00XX`.
 * @module
 */

import { Restart } from "./aborts.ts";
import { looksLikeUtf8 } from "./bytes.ts";
import type { Core } from "./core.ts";
import { escapes } from "./escapes.ts";
import { numberText } from "./numbers.ts";
import type { Value } from "./realm.ts";

/** Bytes of stack that a level of nesting takes in the parser, and what is left to it. */
const parserStackBytes = 240;
const deepest = 20000;

const simpleEscapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  b: "\b",
  f: "\f",
  r: "\r",
  v: "\v",
};

/**
 * Parses what the interpreter would accept. Where it has a small stack, nesting beyond that kills
 * the board, as there is no check.
 * @param bareKeys whether keys may stand without quotes
 */
export function parseJson(core: Core, text: string, bareKeys = false): Value {
  const { realm, board } = core;
  const { stackBytes } = board.machine;
  const levels = stackBytes > 0 ? Math.floor((stackBytes * 0.8) / parserStackBytes) : deepest;
  let at = 0;

  const skip = () => {
    for (;;) {
      while (/\s/.test(text.charAt(at))) at++;
      if (text.startsWith("//", at)) at = (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
      else if (text.startsWith("/*", at)) at = (text.indexOf("*/", at) + 2 || text.length + 2) - 0;
      else return;
    }
  };
  const token = (): string => {
    const ch = text.charAt(at);
    if (ch === "") return "EOF";
    const word = /^[A-Za-z_$][\w$]*/.exec(text.slice(at, at + 40));
    if (word) return `ID:${word[0]}`;
    if (ch === '"' || ch === "'") return "STRING";
    if (ch >= "0" && ch <= "9") return "INT";
    return `'${ch}'`;
  };
  const invalid = () => {
    const got = token();
    const shown = got.startsWith("ID:") ? "ID" : got;
    return realm.throw("SyntaxError", `Expecting valid value, got ${shown}`);
  };
  const escaped = (): string => {
    const ch = text.charAt(at++);
    if (ch === "x" || ch === "u") {
      const count = ch === "x" ? 2 : 4;
      const code = Number.parseInt(text.slice(at, at + count), 16) || 0;
      at += count;
      return String.fromCharCode(board.device.unicode ? code : code & 255);
    }
    if (ch >= "0" && ch <= "7") {
      const digits = /^[0-7]{1,3}/.exec(text.slice(at - 1, at + 2))?.[0] ?? "0";
      at += digits.length - 1;
      return String.fromCharCode(Number.parseInt(digits, 8) & 255);
    }
    return simpleEscapes[ch] ?? ch;
  };
  const string = (): string => {
    const end = text.charAt(at++);
    let result = "";
    for (;;) {
      const ch = text.charAt(at++);
      if (ch === "")
        return realm.throw("SyntaxError", "Expecting valid value, got UNFINISHED STRING");
      if (ch === end) break;
      result += ch === "\\" ? escaped() : ch;
    }
    if (board.device.unicode && looksLikeUtf8(result))
      return new TextDecoder().decode(Buffer.from(result, "latin1"));
    return result;
  };
  const number = (): Value => {
    const match =
      /^(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/.exec(
        text.slice(at, at + 400),
      );
    if (!match) return null;
    at += match[0].length;
    return Number(match[0]);
  };
  const list = (close: string, item: () => void) => {
    at++;
    for (;;) {
      skip();
      if (text.charAt(at) === close) break;
      item();
      skip();
      if (text.charAt(at) === ",") at++;
      else if (text.charAt(at) !== close) realm.throw("SyntaxError", `Got ${token()} expected ','`);
    }
    at++;
  };
  const value = (level: number): Value => {
    if (level > levels) throw new Restart("JSON.parse ran over the stack");
    skip();
    const ch = text.charAt(at);
    if (ch === "[") {
      const result = realm.array([]);
      list("]", () => result.push(value(level + 1)));
      return result;
    }
    if (ch === "{") {
      const result = realm.object();
      list("}", () => {
        const key = member();
        result[key] = value(level + 1);
      });
      return result;
    }
    if (ch === '"' || ch === "'") return string();
    if (ch === "-") {
      at++;
      const positive = number();
      return positive === null ? null : -positive;
    }
    if ((ch >= "0" && ch <= "9") || ch === ".") return number() ?? invalid();
    for (const [word, meaning] of [
      ["true", true],
      ["false", false],
      ["null", null],
      ["undefined", undefined],
    ] as const)
      if (token() === `ID:${word}` && (word !== "undefined" || bareKeys)) {
        at += word.length;
        return meaning;
      }
    return invalid();
  };
  const member = (): string => {
    const ch = text.charAt(at);
    let key: string;
    if (ch === '"' || ch === "'") key = string();
    else {
      const word = /^(?:[A-Za-z_$][\w$]*|\d+)/.exec(text.slice(at, at + 100))?.[0];
      if (!bareKeys || word === undefined)
        return realm.throw("SyntaxError", `Got ${token()} expected STRING`);
      at += word.length;
      key = word;
    }
    skip();
    if (text.charAt(at) !== ":") realm.throw("SyntaxError", `Got ${token()} expected ':'`);
    at++;
    return key;
  };
  return value(0);
}

/** How to serialise. */
export interface StringifyOptions {
  /** Blanks of a level; each item on a line of its own. */
  indent?: string;
  /** The form of `writeJSON`: bare keys and `\xHH`, which only `readJSON` reads. */
  javascript?: boolean;
}

function quoteJson(text: string, javascript: boolean): string {
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const ch = text.charAt(i);
    const code = text.charCodeAt(i);
    const hex = code.toString(16).toUpperCase();
    if (escapes[ch]) result += escapes[ch];
    else if (code >= 32 && code < 127) result += ch;
    else if (javascript && code < 256) result += `\\x${hex.padStart(2, "0")}`;
    else result += `\\u${hex.padStart(4, "0")}`;
  }
  return `${result}"`;
}

/** A value as the interpreter serialises it; not always valid JSON, see the facts there. */
export function stringifyJson(core: Core, value: Value, options: StringifyOptions = {}): string {
  const { realm } = core;
  const javascript = options.javascript === true;
  const pretty = options.indent !== undefined;
  const open = new Set<Value>();
  const line = (level: number) => (pretty ? `\n${options.indent?.repeat(level)}` : "");
  const comma = pretty ? ", " : ",";

  const one = (item: Value, key: string | undefined, level: number, mayConvert = true): string => {
    if (item === undefined) return "null";
    if (item === null || typeof item === "boolean") return String(item);
    if (typeof item === "number") return Number.isFinite(item) ? numberText(item) : "null";
    if (typeof item === "string") return quoteJson(item, javascript);
    if (typeof item === "function") return "undefined";
    if (open.has(item)) return " ... ";
    if (mayConvert && !realm.isArray(item) && typeof item.toJSON === "function")
      return one(item.toJSON(key), undefined, level, false);
    open.add(item);
    const text = many(item, level);
    open.delete(item);
    return text;
  };
  const many = (item: Value, level: number): string => {
    const tag = Object.prototype.toString.call(item);
    const isBuffer = ArrayBuffer.isView(item) || tag === "[object ArrayBuffer]";
    if (isBuffer || realm.isArray(item)) {
      const items: Value[] =
        tag === "[object ArrayBuffer]" ? [...new Uint8Array(item)] : Array.from(item);
      if (items.length === 0) return pretty && !isBuffer ? "[  ]" : "[]";
      const texts = items.map((each, i) => line(level + 1) + one(each, String(i), level + 1));
      return `[${pretty ? " " : ""}${texts.join(comma)}${line(level)}${pretty ? " " : ""}]`;
    }
    const texts: string[] = [];
    for (const key of Object.keys(item)) {
      const descriptor = Object.getOwnPropertyDescriptor(item, key);
      if (!descriptor || descriptor.get || descriptor.set) continue;
      const member = descriptor.value;
      if (member === undefined || typeof member === "function") continue;
      const bare = javascript && /^(?:[A-Za-z_$][\w$]*|\d+)$/.test(key);
      const name = bare ? key : quoteJson(key, javascript);
      texts.push(`${line(level + 1)}${name}:${pretty ? " " : ""}${one(member, key, level + 1)}`);
    }
    if (texts.length === 0) return pretty ? "{  }" : "{}";
    return `{${pretty ? " " : ""}${texts.join(comma)}${line(level)}${pretty ? " " : ""}}`;
  };
  return one(value, undefined, 0);
}

export function installJson(core: Core): void {
  const { realm } = core;
  const json = realm.library();
  realm.define(json, {
    parse: (_self, text) => parseJson(core, core.text(text)),
    stringify: (_self, value, _replacer, indent) => {
      const blanks = typeof indent === "number" ? " ".repeat(Math.min(indent, 10)) : indent;
      const given = typeof blanks === "string" && blanks !== "";
      return stringifyJson(core, value, given ? { indent: blanks } : {});
    },
  });
  realm.hide(realm.global, "JSON", json);
}
