/**
 * What people are told about an image: figures as the OTA console asks for them, and who signed it.
 * @module
 */
import { createHash } from "node:crypto";
import type { FoundImage } from "./image.ts";
import { isSignedBy } from "./keys.ts";

const hash = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");

/** `label   value`, for a list of such lines. */
function line(label: string, value: string): string {
  return `  ${label.padEnd(10)}${value}`;
}

/** The figures of a file that the console shows or asks for. */
export function figures(bytes: Uint8Array): string[] {
  return [
    line("Size", `${bytes.length} bytes`),
    line("MD5", hash("md5", bytes)),
    line("SHA256", hash("sha256", bytes)),
  ];
}

/** What the header says. */
export function headerLines(found: FoundImage): string[] {
  const { header } = found;
  if (!header) return [];
  const entries = header.entries.map(({ name, size }) => `${name} (${size})`).join(", ");
  return [
    line("Module", header.module),
    line("Version", `${header.version}, security counter ${header.security}`),
    line("Board", header.board),
    line("Entries", entries),
  ];
}

/** Short name of a key, for people to tell keys apart. */
export function keyName(modulus: string): string {
  return `${modulus.slice(0, 12)}…`;
}

/** Which of the keys signed an image; undefined when none did. */
export function signer(image: Uint8Array, keys: string[]): string | undefined {
  return keys.find((key) => isSignedBy(image, key));
}

/**
 * One line on the signature, and whether a board with these keys takes the image.
 * @param boardKeys the moduli in the board's file
 * @param others more keys that may have signed, such as the one at hand
 */
export function signatureLine(
  image: Uint8Array,
  found: FoundImage,
  boardKeys: string[],
  others: string[] = [],
): { text: string; accepted: boolean } {
  const say = (text: string, accepted: boolean) => ({ text: line("Signature", text), accepted });
  if (!found.signed) {
    if (boardKeys.length === 0) return say("none; the board has no key and needs none", true);
    return say("none: the board has keys and refuses the image", false);
  }
  const known = signer(image, boardKeys);
  if (known !== undefined) return say(`good, by the board's key ${keyName(known)}`, true);
  const other = signer(image, others);
  const by = other === undefined ? "by an unknown key, or bad" : `good, by key ${keyName(other)}`;
  if (boardKeys.length === 0) return say(`${by}; the board has no key and does not check`, true);
  return say(`${by}: not one of the board's keys, so it refuses the image`, false);
}
