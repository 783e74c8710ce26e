/**
 * Makes and reads firmware images: what the OTA console is given, and what a board is flashed with.
 * @module
 */
import { createHash } from "node:crypto";
import type { ImageHeader } from "../../src/ota/image.ts";
import { decodeHeader, encodeHeader, HEADER_BYTES, SIGNED_BYTES } from "./header.ts";
import { signHeader } from "./keys.ts";
import { checkParts, type ImageEntry, type ImageParts } from "./rules.ts";

export { HEADER_BYTES } from "./header.ts";
export type { ImageEntry, ImageParts } from "./rules.ts";

export interface PackOptions extends ImageParts {
  /** RSA-2048 private key in PEM that signs the image; unsigned without. */
  privateKey?: string;
  /** Bytes that the board's slot holds; not checked without. */
  slotBytes?: number;
}

/** An image as it was found. */
export interface FoundImage {
  /** Missing when the header can't be read. */
  header?: ImageHeader;
  entries: ImageEntry[];
  /** Whether there is a signature; not whether it is good. */
  signed: boolean;
  /** What is wrong, for people; empty when nothing is. Signatures are not looked at. */
  problems: string[];
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function body(entries: ImageEntry[]): Buffer {
  return Buffer.concat(entries.map(({ bytes }) => bytes));
}

function makeHeader(options: PackOptions): Buffer {
  checkParts(options);
  const { board, module, version, security = 0, entries, privateKey, slotBytes } = options;
  const bytes = body(entries);
  const total = HEADER_BYTES + bytes.length;
  if (slotBytes !== undefined && total > slotBytes) {
    throw new Error(
      `image takes ${total} bytes, ${HEADER_BYTES} of them header: a slot of ${board} holds ${slotBytes}`,
    );
  }
  const header = encodeHeader({
    board,
    module,
    version,
    security,
    size: bytes.length,
    sha256: sha256(bytes),
    entries: entries.map((entry) => ({ name: entry.name, size: entry.bytes.length })),
  });
  if (privateKey !== undefined) signHeader(header, privateKey).copy(header, SIGNED_BYTES);
  return header;
}

/**
 * An image in one piece; the same input gives the same bytes.
 * @throws Error that names what doesn't fit the format, the slot, or is wrong with the key
 */
export function packImage(options: PackOptions): Buffer {
  return Buffer.concat([makeHeader(options), ...options.entries.map(({ bytes }) => bytes)]);
}

/**
 * The same image for the platform's multi-file packages: the header as `image.header`, then one
 * file an entry.
 * @throws Error as `packImage`, and when an entry is named like the header
 */
export function packFiles(options: PackOptions): ImageEntry[] {
  const name = "image.header";
  if (options.entries.some((entry) => entry.name === name)) {
    throw new Error(`entry "${name}": expected another name, as the header's file has it`);
  }
  return [{ name, bytes: makeHeader(options) }, ...options.entries];
}

/** Takes an image apart, and says all that is wrong with it. */
export function readImage(image: Uint8Array): FoundImage {
  const found: FoundImage = { entries: [], signed: false, problems: [] };
  try {
    const header = decodeHeader(image);
    found.header = header;
    found.signed = image.subarray(SIGNED_BYTES, HEADER_BYTES).some((byte) => byte !== 0xff);
    let at = HEADER_BYTES;
    for (const { name, size } of header.entries) {
      found.entries.push({ name, bytes: image.subarray(at, at + size) });
      at += size;
    }
    const bytes = image.subarray(HEADER_BYTES);
    if (bytes.length !== header.size) {
      found.problems.push(`entries take ${bytes.length} bytes: the header says ${header.size}`);
    }
    if (at - HEADER_BYTES !== header.size) {
      found.problems.push("header: the entries' sizes don't add up to its size");
    }
    if (sha256(bytes) !== header.sha256) {
      found.problems.push("SHA-256 of the entries differs from the header's");
    }
    checkParts({ ...header, entries: found.entries });
  } catch (error) {
    found.problems.push((error as Error).message);
  }
  return found;
}
