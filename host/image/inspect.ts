/**
 * What can be said of an image: header, entries, digests, signature, and whether a board would take it.
 * @module
 */
import { createHash } from "node:crypto";
import type { DeviceBoard } from "../../boards/board.ts";
import type { ImageHeader } from "../../src/ota/image.ts";
import { type FoundImage, readImage } from "./image.ts";
import { keyName, signer } from "./report.ts";

/** An entry with its digest. */
export interface EntryReport {
  name: string;
  size: number;
  sha256: string;
}

/** Who signed an image. */
export type SignatureReport =
  | { state: "none" }
  /** `key` is the key's short name. */
  | { state: "good"; key: string }
  /** By none of the keys at hand, or damaged. */
  | { state: "unknown" };

export interface ImageReport {
  /** Bytes of the whole image. */
  size: number;
  /** Hexadecimal, as the platform's console asks for them. */
  md5: string;
  sha256: string;
  /** Missing when it can't be read. */
  header?: Omit<ImageHeader, "entries">;
  entries: EntryReport[];
  signature: SignatureReport;
  /** All that is wrong, for people; empty when a board takes the image. */
  problems: string[];
}

export interface InspectOptions {
  /** The board that the header names; undefined when there is none of the name. */
  board?: Pick<DeviceBoard, "keys" | "flash"> | undefined;
  /** Moduli (base64): one of them must have signed the image. By default, the board's say. */
  keys?: string[];
}

const digest = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");

/** Looks into an image; never throws, whatever the bytes are. */
export function inspectImage(image: Uint8Array, { board, keys }: InspectOptions): ImageReport {
  const found = readImage(image);
  const known = keys ?? board?.keys ?? [];
  const signature = signatureOf(image, found, known);
  const problems = [...found.problems];
  if (found.header) {
    problems.push(...boardProblems(image, found.header.board, board));
    problems.push(...signatureProblems(signature, known.length > 0, keys !== undefined));
  }
  const { entries: _, ...header } = found.header ?? { entries: [] };
  return {
    size: image.length,
    md5: digest("md5", image),
    sha256: digest("sha256", image),
    ...(found.header ? { header: header as Omit<ImageHeader, "entries"> } : {}),
    entries: found.entries.map(({ name, bytes }) => {
      return { name, size: bytes.length, sha256: digest("sha256", bytes) };
    }),
    signature,
    problems,
  };
}

function signatureOf(image: Uint8Array, found: FoundImage, keys: string[]): SignatureReport {
  if (!found.header || !found.signed) return { state: "none" };
  const key = signer(image, keys);
  return key === undefined ? { state: "unknown" } : { state: "good", key: keyName(key) };
}

function boardProblems(image: Uint8Array, name: string, board: InspectOptions["board"]): string[] {
  if (!board) return [`board "${name}" is none of this project's`];
  const { slotBytes } = board.flash;
  if (image.length <= slotBytes) return [];
  return [`it takes ${image.length} bytes: a slot of ${name} holds ${slotBytes}`];
}

/** A board without keys takes everything; one with keys, what one of them has signed. */
function signatureProblems(
  signature: SignatureReport,
  hasKeys: boolean,
  isAsked: boolean,
): string[] {
  if (!hasKeys || signature.state === "good") return [];
  const whose = isAsked ? "the key given" : "the board's keys";
  if (signature.state === "none") return [`it is not signed: expected a signature by ${whose}`];
  return [`its signature is bad, or not by ${whose}`];
}
