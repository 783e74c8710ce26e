/**
 * An image's header in bytes; `src/ota/image.ts` describes the format, and reads it on the board.
 * @module
 */
import type { ImageHeader } from "../../src/ota/image.ts";
import { crc32 } from "./crc32.ts";

/** Layout in bytes from the image's start. */
export const HEADER_BYTES = 1024;
export const SIGNED_BYTES = 768;
const CRC_AT = 8;
const JSON_AT = 16;
const MAGIC = Buffer.from("ALIIMG1\n", "latin1");

const digits = (bytes: Uint8Array) => crc32(bytes).toString(16).padStart(8, "0");

/** The header without a signature. Throws when it has no room for the entries' names. */
export function encodeHeader(header: ImageHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header), "latin1");
  const room = SIGNED_BYTES - JSON_AT;
  if (json.length > room) {
    throw new Error(
      `header of ${header.entries.length} entries takes ${json.length} bytes: it has room for ` +
        `${room}, so use fewer entries or shorter names`,
    );
  }
  const bytes = Buffer.alloc(HEADER_BYTES, 0xff);
  MAGIC.copy(bytes);
  bytes.fill(0x20, JSON_AT, SIGNED_BYTES);
  json.copy(bytes, JSON_AT);
  bytes.write(digits(bytes.subarray(JSON_AT, SIGNED_BYTES)), CRC_AT, "latin1");
  return bytes;
}

/** Reads a header. Throws an `Error` that says what is wrong. */
export function decodeHeader(image: Uint8Array): ImageHeader {
  const bytes = Buffer.from(image.subarray(0, HEADER_BYTES));
  if (!bytes.subarray(0, CRC_AT).equals(MAGIC)) {
    throw new Error("not an image: expected one made by npm run pack");
  }
  if (bytes.length < HEADER_BYTES) {
    throw new Error(`header is cut short: ${bytes.length} of ${HEADER_BYTES} bytes`);
  }
  const json = bytes.subarray(JSON_AT, SIGNED_BYTES);
  if (bytes.toString("latin1", CRC_AT, JSON_AT) !== digits(json)) {
    throw new Error("header is damaged: its CRC-32 is wrong");
  }
  let header: ImageHeader;
  try {
    header = JSON.parse(json.toString("latin1"));
  } catch {
    throw new Error("header is damaged: no JSON within");
  }
  if (!Array.isArray(header?.entries)) throw new Error("header is damaged: it has no entries");
  return header;
}
