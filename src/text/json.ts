/**
 * JSON between the application's values and UTF-8 byte strings. The interpreter's parser cuts
 * `\uXXXX` to a byte, accepts text after the value and crashes the board on deep nesting; its
 * writer escapes every byte from 0x80 on. Both are put right here.
 * @module
 */
import { encodeCodePoint, toBytes } from "./utf8.ts";

/** Levels of arrays and objects that a document may have, in either direction. */
export const MAX_DEPTH = 16;

const fourHex = /^u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]/;
// In a set, brackets and the slash stand by number and "-" comes first: the interpreter's lexer
// would end the set or the expression at them.
const firstOfValue = /^[ \t\r\n]*[-"{\x5b0-9tfn]/;

/**
 * The value of a JSON document given as UTF-8 bytes. Strings within are UTF-8 byte strings (on the
 * Linux build: unicode strings, which `toBytes` turns back).
 * @throws Error when the text is not JSON, goes on after the value, or nests deeper than `MAX_DEPTH`
 */
export function parseJson(bytes: string): any {
  if (!firstOfValue.test(bytes)) throw new Error("JSON: no value at the beginning");
  checkDepth(bytes);
  let pair: any;
  try {
    // Within brackets and before a mark, text after the value is a syntax error or moves the mark.
    pair = JSON.parse(
      "[" + (bytes.indexOf("\\u") < 0 ? bytes : replaceEscapes(bytes, encodeCodePoint)) + ",0]",
    );
  } catch (error) {
    throw new Error("JSON: " + (error as Error).message);
  }
  if (!pair || pair.length !== 2 || pair[1] !== 0) throw new Error("JSON: text after the value");
  return pair[0];
}

/**
 * UTF-8 bytes of the JSON document of a value. Byte strings within must be UTF-8.
 * @throws Error when the value is circular or so deep that the interpreter cuts it short
 */
export function toJson(value: any): string {
  let text = JSON.stringify(value);
  // What the writer puts for a circle or for lack of stack, instead of an exception.
  if (text.indexOf(" ... ") >= 0) checkValue(value, 0);
  if (text.indexOf("\\u") < 0) return text;
  if (hasUnicodeStrings()) {
    // There "\u00E9" may stand for a byte or a code point, so all becomes bytes first.
    text = JSON.stringify(withBytes(value));
    if (text.indexOf("\\u") < 0) return text;
  }
  return replaceEscapes(text, String.fromCharCode);
}

function hasUnicodeStrings(): boolean {
  return E.isUTF8(JSON.parse('"\\u0100"'));
}

/** Throws when a value nests deeper than `MAX_DEPTH`, which a circular one does. */
function checkValue(value: any, depth: number): void {
  if (!value || typeof value !== "object") return;
  if (depth >= MAX_DEPTH) {
    throw new Error("JSON: value is circular or nested deeper than " + MAX_DEPTH + " levels");
  }
  for (const key in value) checkValue(value[key], depth + 1);
}

/** A copy of a value in which every string is a byte string. */
function withBytes(value: any): any {
  if (typeof value === "string") return toBytes(value);
  if (Array.isArray(value)) return value.map(withBytes);
  if (!value || typeof value !== "object" || value.buffer instanceof ArrayBuffer) return value;
  if (typeof value.toJSON === "function") return value;
  const copy: any = {};
  for (const key in value) copy[toBytes(key)] = withBytes(value[key]);
  return copy;
}

/**
 * Replaces each `\uXXXX` from 0x80 on by what `encode` makes of its code, a surrogate pair's as one.
 * Wrong escapes stay, for the parser to refuse.
 */
function replaceEscapes(text: string, encode: (code: number) => string): string {
  /** Whether the last backslash escapes the one before the piece at hand. */
  let doubled = false;
  /** A high surrogate that waits for the low one. */
  let high = 0;
  const pieces = text.split("\\").map((piece, index) => {
    const broken = high ? encode(high) : "";
    const before = high;
    high = 0;
    if (index === 0) return piece;
    if (doubled || !fourHex.test(piece)) {
      doubled = !doubled && piece.length === 0;
      return broken + "\\" + piece;
    }
    const code = parseInt(piece.substr(1, 4), 16);
    const rest = piece.substr(5);
    if (code < 0x80) return broken + "\\" + piece;
    if (before && code >= 0xdc00 && code < 0xe000) {
      return encode(0x10000 + ((before & 0x3ff) << 10) + (code & 0x3ff)) + rest;
    }
    if (code >= 0xd800 && code < 0xdc00 && rest.length === 0) {
      high = code;
      return broken;
    }
    return broken + encode(code) + rest;
  });
  if (high) pieces.push(encode(high));
  return pieces.join("");
}

/**
 * Throws when the document nests too deep. Most documents have few brackets at all, which native
 * searches tell; only the others are read string by string.
 */
function checkDepth(text: string): void {
  if (countUpTo(text, "{") + countUpTo(text, "[") <= MAX_DEPTH) return;
  const token = /["'`\x2f{}\x5b\x5d]/g;
  let depth = 0;
  let found = token.exec(text);
  while (found) {
    const mark = found[0];
    if (mark === '"') token.lastIndex = endOfString(text, token.lastIndex);
    else if (mark === "{" || mark === "[") depth++;
    else if (mark === "}" || mark === "]") depth--;
    // The interpreter would take these for strings and comments, which could hide brackets.
    else throw new Error("JSON: unexpected " + mark);
    if (depth > MAX_DEPTH) {
      throw new Error("JSON: document is nested deeper than " + MAX_DEPTH + " levels");
    }
    found = token.exec(text);
  }
}

/** How often a character occurs, counted to `MAX_DEPTH` + 1 at most. */
function countUpTo(text: string, mark: string): number {
  let count = 0;
  let at = text.indexOf(mark);
  while (at >= 0 && count <= MAX_DEPTH) {
    count++;
    at = text.indexOf(mark, at + 1);
  }
  return count;
}

/** Index after the quote that ends the string whose first character is at `from`. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end >= 0) {
    let slashes = end;
    while (slashes > from && text.charAt(slashes - 1) === "\\") slashes--;
    if (((end - slashes) & 1) === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  throw new Error("JSON: string without an end");
}
