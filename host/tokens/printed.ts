/**
 * Code as the interpreter prints it: each byte that can be a token as its word, in texts too
 * (`jslPrintTokenisedString` in its `jslex.c`).
 * @module
 */
import { FIRST_RESERVED, LAST_RESERVED, wordOf } from "./table.ts";

/** The names of what a token can be besides, by byte. */
const KINDS = new Map([
  ...[
    "ID",
    "INT",
    "FLOAT",
    "STRING",
    "UNFINISHED STRING",
    "TEMPLATE LITERAL",
    "UNFINISHED TEMPLATE LITERAL",
    "REGEX",
    "UNFINISHED REGEX",
    "UNFINISHED COMMENT",
  ].map((name, i): [number, string] => [128 + i, name]),
  // Kept for words to come.
  ...Array.from({ length: 9 }, (_, i): [number, string] => [LAST_RESERVED + 1 + i, ""]),
  [LAST_RESERVED + 10, "??"],
  [255, "[ERASED]"],
]);

function isReserved(byte: number): boolean {
  return byte >= FIRST_RESERVED && byte <= LAST_RESERVED;
}

function isWordLike(byte: number): boolean {
  return byte >= FIRST_RESERVED || /\w/.test(String.fromCharCode(byte));
}

/** The blank before a byte, where the interpreter puts one. */
function gap(last: number, byte: number): string {
  const isNeeded = (isReserved(last) || isReserved(byte)) && isWordLike(last) && isWordLike(byte);
  return isNeeded ? " " : "";
}

/** Bytes `from` to `to` of code; what stands before decides on the first blank. */
export function printed(code: string, from = 0, to = code.length): string {
  let text = "";
  let last = from > 0 ? code.charCodeAt(from - 1) : 0;
  for (let i = from; i < Math.min(to, code.length); i++) {
    const byte = code.charCodeAt(i);
    const shown = byte < 128 ? code.charAt(i) : (wordOf(byte) ?? KINDS.get(byte) ?? `?[${byte}]`);
    text += gap(last, byte) + shown;
    last = byte;
  }
  return text;
}
