/**
 * The format of a firmware image: a header of 1024 bytes, then the entries one after another. The
 * first entry is the script that runs; the others are data that it reads by name.
 *
 * | bytes    | what                                                                         |
 * | -------- | ---------------------------------------------------------------------------- |
 * | 0-7      | `ALIIMG1` and a line feed                                                    |
 * | 8-15     | CRC-32 of bytes 16-767, eight lower-case hexadecimal digits                  |
 * | 16-767   | an `ImageHeader` as JSON in printable ASCII, then spaces                     |
 * | 768-1023 | RSA-2048 PKCS#1 v1.5 SHA-256 signature of bytes 0-767; 0xFF when there is none |
 *
 * The signature covers the entries through their SHA-256 in the header.
 * @module
 */
import { parseJson } from "../text/json.ts";

/** Bytes of an image before its first entry. */
export const HEADER_BYTES = 1024;
/** Bytes of a header that its signature covers; the signature is the rest. */
export const SIGNED_BYTES = 768;

const MAGIC = "ALIIMG1\n";
/** Bytes before the JSON, and those of the JSON. */
export const MARK_BYTES = 16;
export const JSON_BYTES = SIGNED_BYTES - MARK_BYTES;
/** Above any flash that a board has; sums of sizes stay exact integers. */
const MAX_SIZE = 0x1000000;

/** What an image says about itself. */
export interface ImageHeader {
  /** Name of the board it was built for, e.g. `"esp32"`. */
  board: string;
  /** OTA module on the platform, up to 64 letters, digits, `-`, `_` and `.`. */
  module: string;
  /** Likewise. */
  version: string;
  /** Counter that must not fall: an image below the device's is refused. */
  security: number;
  /** Bytes of all entries together. */
  size: number;
  /** SHA-256 of all entries together, 64 lower-case hexadecimal digits. */
  sha256: string;
  /** At least one; names are unique, up to 28 printable ASCII characters without `/`. */
  entries: { name: string; size: number }[];
}

function damaged(what: string): Error {
  return new Error("image header: " + what);
}

function checkText(header: any, name: string): void {
  const text = header[name];
  if (typeof text !== "string" || text.length > 64 || !/^[-_.0-9A-Za-z]+$/.test(text)) {
    throw damaged(name + " is not 1 to 64 letters, digits, - _ .");
  }
}

/** Checks an integer from `least` up. */
function checkNumber(value: any, least: number, name: string): void {
  if (typeof value !== "number" || value !== (value | 0) || value < least || value > MAX_SIZE) {
    throw damaged(name + " is not an integer from " + least + " to " + MAX_SIZE);
  }
}

function checkEntries(header: any): void {
  const entries = header.entries;
  if (!Array.isArray(entries) || !entries.length) throw damaged("entries is not a list of files");
  let sum = 0;
  const names: string[] = [];
  for (const entry of entries) {
    const name = entry && entry.name;
    // The dot stands by number: as the end of a range the interpreter takes it for any character.
    if (typeof name !== "string" || !name || name.length > 28 || /[^ -\x2e0-~]/.test(name)) {
      throw damaged("an entry's name is not 1 to 28 printable ASCII characters without /");
    }
    if (names.indexOf(name) >= 0) throw damaged("two entries are named " + name);
    names.push(name);
    checkNumber(entry.size, 1, "size of " + name);
    sum += entry.size;
  }
  if (sum !== header.size) {
    throw damaged("the entries have " + sum + " bytes together, but size is " + header.size);
  }
}

/**
 * Reads the first `HEADER_BYTES` of an image, a byte string. Looks at neither the signature nor the
 * entries' bytes.
 * @throws Error that says, to a person, why this is not an image or what in its header is wrong
 */
export function parseHeader(bytes: string): ImageHeader {
  const mark = bytes.substr(0, MARK_BYTES);
  if (bytes.length < HEADER_BYTES && mark.startsWith(MAGIC)) {
    throw damaged("cut short after " + bytes.length + " of " + HEADER_BYTES + " bytes");
  }
  return parseParts(mark, bytes.substr(MARK_BYTES, JSON_BYTES));
}

/** As `parseHeader`, of the first `MARK_BYTES` bytes and the `JSON_BYTES` after them. @brief */
export function parseParts(mark: string, json: string): ImageHeader {
  if (!mark.startsWith(MAGIC)) throw new Error("not an image: make one with npm run pack");
  if (mark.substr(8) !== crcDigits(json)) throw damaged("damaged (wrong CRC)");
  if (json.charAt(0) !== "{" || /[^ -~]/.test(json)) throw damaged("not JSON in printable ASCII");
  let header: any;
  try {
    // Without the spaces at its end, for the parser copies it.
    header = parseJson(json.trim());
  } catch (error) {
    throw damaged((error as Error).message);
  }
  checkText(header, "board");
  checkText(header, "module");
  checkText(header, "version");
  checkNumber(header.security, 0, "security");
  checkNumber(header.size, 1, "size");
  const sum = header.sha256;
  if (typeof sum !== "string" || sum.length !== 64 || /[^0-9a-f]/.test(sum)) {
    throw damaged("sha256 is not 64 lower-case hexadecimal digits");
  }
  checkEntries(header);
  return header;
}

/**
 * The header of an unsigned image, `HEADER_BYTES` long.
 * @throws Error when the parts don't make a header that `parseHeader` takes, or are too many for it
 */
export function buildHeader(parts: ImageHeader): string {
  const room = JSON_BYTES;
  let json = JSON.stringify(parts);
  if (json.length > room) {
    throw damaged("takes " + json.length + " bytes, has room for " + room + ": fewer entries");
  }
  json = json.padEnd(room, " ");
  const header = MAGIC + crcDigits(json) + json + noSignature();
  parseHeader(header);
  return header;
}

/** Whether a header, `HEADER_BYTES` long, carries a signature; not whether it is a good one. */
export function isSigned(header: string): boolean {
  return header.substr(SIGNED_BYTES, HEADER_BYTES - SIGNED_BYTES) !== noSignature();
}

/** Where an entry lies, in bytes from the image's start; undefined when there is none so named. */
export function entryRange(
  header: ImageHeader,
  name: string,
): { offset: number; length: number } | undefined {
  let offset = HEADER_BYTES;
  for (const entry of header.entries) {
    if (entry.name === name) return { offset, length: entry.size };
    offset += entry.size;
  }
  return undefined;
}

function crcDigits(bytes: string): string {
  return E.CRC32(bytes).toString(16).padStart(8, "0");
}

function noSignature(): string {
  return "\xff".repeat(HEADER_BYTES - SIGNED_BYTES);
}
