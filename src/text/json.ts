/**
 * JSON between the application's values and UTF-8 byte strings. The interpreter's parser cuts
 * `\uXXXX` to a byte, accepts text after the value and crashes the board on deep nesting; its
 * writer escapes every byte from 0x80 on. Both are put right here.
 * @module
 */
import { encodeCodePoint, toBytes } from "./utf8.ts";

/** Levels of arrays and objects that a document may have, in either direction. */
export const MAX_DEPTH = 16;
/** Most bytes of a document that is searched more than once. */
const SHORT = 400;
/** The bracket that is one too many can't stand nearer to the second: `{"":` is the least between two. */
const FAR = 4 * (MAX_DEPTH - 1);

/** Lists and escapes in what comes; a range, with some that are seldom, is found soonest. */
const listOrEscape = /[Z-^]/;
/** Where the native writer has written neither, its text is right. */
const blankOrEscape = /[ \\]/;
const unicodeEscape = /^\\u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]/;
// In a set, brackets and the slash stand by number and "-" comes first: the interpreter's lexer
// would end the set or the expression at them.
// The characters that JSON escapes: all but these. No set spans 0x7f to 0x80, since the interpreter
// compares signed characters on some machines.
const special = /[^ !#-\x5b\x5d-\x7e\x80-\xff]/;
const specials = /[^ !#-\x5b\x5d-\x7e\x80-\xff]/g;

/**
 * The value of a JSON document given as UTF-8 bytes. Strings within are UTF-8 byte strings (on the
 * Linux build: unicode strings, which `toBytes` turns back).
 * @throws Error when the text is not JSON, goes on after the value, or nests deeper than `MAX_DEPTH`
 */
export function parseJson(bytes: string): any {
  let text = "";
  if (bytes.length <= SHORT && bytes.charAt(0) === "{") {
    // Few have lists or escapes, or brackets that are far apart; a search is the least work.
    const at = bytes.indexOf("{", 1);
    if (!listOrEscape.test(bytes) && (at < 0 || bytes.indexOf("{", at + FAR) < 0)) {
      text = "[" + bytes + ",0]";
    }
  }
  if (!text) text = prepare(bytes);
  try {
    // Within brackets and before a mark, text after the value is a syntax error or moves the mark.
    const pair = JSON.parse(text);
    if (pair.length === 2 && pair[1] === 0) return pair[0];
  } catch (error) {
    throw new Error("JSON: " + (error as Error).message);
  }
  throw new Error("JSON: text after the value");
}

/**
 * Any document, looked at and within brackets, with one search for all that matters: it may be long.
 * @brief
 */
function prepare(bytes: string): string {
  if (!/^[ \t\r\n]*[-"{\x5b0-9tfn]/.test(bytes)) throw new Error("JSON: no value at the beginning");
  // The first may be a bracket.
  let count = 1;
  let hasEscapes = false;
  let search = /[{\x5b\\]/g;
  search.lastIndex = 1;
  while (count <= MAX_DEPTH && search.test(bytes)) {
    const at = search.lastIndex;
    if (bytes.charAt(at - 1) !== "\\") count++;
    else {
      hasEscapes = true;
      search = /[{\x5b]/g;
      search.lastIndex = at;
    }
  }
  if (count > MAX_DEPTH) {
    checkDepth(bytes);
    hasEscapes = true;
  }
  const text = hasEscapes && bytes.indexOf("\\u") >= 0 ? decodeEscapes(bytes) : bytes;
  return "[" + text + ",0]";
}

/**
 * UTF-8 bytes of the JSON document of a value. Byte strings within must be UTF-8.
 * @throws Error when the value nests deeper than `MAX_DEPTH` (a circular one included), as far as
 *   the interpreter's writer can't tell what it means
 */
export function toJson(value: any): string {
  const text = JSON.stringify(value);
  // The native writer is right, and by far the fastest, but for what it escapes and for the mark
  // that it leaves in a circle or for lack of stack.
  return blankOrEscape.test(text) && (text.indexOf("\\u") >= 0 || text.indexOf(" ... ") >= 0)
    ? writeRight(value)
    : text;
}

/** As the native writer, with raw bytes from 0x80 on. @brief */
function writeRight(value: any): string {
  return write(value, 0);
}

function write(value: any, depth: number): string {
  if (typeof value === "string") return quote(value);
  if (!value || typeof value !== "object" || value.buffer instanceof ArrayBuffer) {
    return JSON.stringify(value);
  }
  if (typeof value.toJSON === "function") return write(value.toJSON(), depth);
  if (depth >= MAX_DEPTH) {
    throw new Error("JSON: circular or nested deeper than " + MAX_DEPTH + " levels");
  }
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) {
      text += (text ? "," : "[") + (isWritten(item) ? write(item, depth + 1) : "null");
    }
    return (text || "[") + "]";
  }
  for (const key in value) {
    const item = value[key];
    if (isWritten(item)) text += (text ? "," : "{") + quote(key) + ":" + write(item, depth + 1);
  }
  return (text || "{") + "}";
}

function isWritten(item: any): boolean {
  return item !== undefined && typeof item !== "function";
}

function quote(text: string): string {
  const bytes = toBytes(text);
  return '"' + (special.test(bytes) ? bytes.replace(specials, escapeCharacter) : bytes) + '"';
}

/** One character as within the native writer's quotes. */
function escapeCharacter(character: string): string {
  const quoted = JSON.stringify(character);
  return quoted.substr(1, quoted.length - 2);
}

/** Replaces the `\uXXXX` of others, from 0x80 on, by UTF-8; a surrogate pair counts as one. */
function decodeEscapes(text: string): string {
  let decoded = "";
  let from = 0;
  let at = text.indexOf("\\");
  while (at >= 0) {
    const code = escapedCode(text, at);
    if (code < 0x80) {
      // Another escape, a doubled backslash among them, or a wrong one for the parser to refuse.
      at = text.indexOf("\\", at + 2);
      continue;
    }
    decoded += text.substr(from, at - from);
    from = at + 6;
    const low = code >= 0xd800 && code < 0xdc00 ? escapedCode(text, from) : 0;
    if (low >= 0xdc00 && low < 0xe000) {
      decoded += encodeCodePoint(0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff));
      from += 6;
    } else {
      decoded += encodeCodePoint(code);
    }
    at = text.indexOf("\\", from);
  }
  return decoded + text.substr(from);
}

/** The code of a `\uXXXX` at an index; 0 when there is none. */
function escapedCode(text: string, at: number): number {
  const sequence = text.substr(at, 6);
  return unicodeEscape.test(sequence) ? parseInt(sequence.substr(2), 16) : 0;
}

/**
 * Throws when the document nests too deep. Natively, for it may be long: strings are taken out, then
 * what is within the innermost brackets, level by level.
 */
function checkDepth(text: string): void {
  let rest = text.indexOf("\\") < 0 ? text : text.replace(/\\./g, "");
  rest = rest.replace(/"[^"]*"/g, "");
  // The interpreter would take these for strings and comments, which could hide brackets.
  if (/["'`\x2f]/.test(rest)) throw new Error("JSON: unexpected mark");
  for (let level = 0; level < MAX_DEPTH && /[{\x5b]/.test(rest); level++) {
    rest = rest.replace(/[{\x5b][^{}\x5b\x5d]*[}\x5d]/g, "");
  }
  if (/[{\x5b]/.test(rest)) {
    throw new Error("JSON: nested deeper than " + MAX_DEPTH + " levels");
  }
}
