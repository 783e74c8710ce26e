/**
 * What an image may say about itself, with errors that name the wrong part.
 * @module
 */

/** An entry of an image: the first is the script that runs. */
export interface ImageEntry {
  name: string;
  bytes: Uint8Array;
}

/** What goes into an image, besides its key. */
export interface ImageParts {
  /** Name of the board, as in `boards/`. */
  board: string;
  /** OTA module on the platform. */
  module: string;
  version: string;
  /** Security counter, from 0; 0 by default. */
  security?: number;
  entries: ImageEntry[];
}

const WORD = /^[-_.0-9A-Za-z]{1,64}$/;
const ENTRY_NAME = /^[ -.0-~]{1,28}$/;
const MAX_NUMBER = 0x1000000;

/** Throws when a board, module or version has characters that the platform doesn't take. */
export function checkWord(what: string, text: string): void {
  if (WORD.test(text)) return;
  throw new Error(
    `${what} ${JSON.stringify(text)}: expected 1 to 64 letters, digits, "-", "_" and "."`,
  );
}

/** Throws when a security counter is not a whole number in range. */
export function checkSecurity(security: number): void {
  if (Number.isInteger(security) && security >= 0 && security <= MAX_NUMBER) return;
  throw new Error(`security ${security}: expected a whole number from 0 to ${MAX_NUMBER}`);
}

/** Throws an `Error` that names what doesn't fit an image. */
export function checkParts(parts: ImageParts): void {
  checkWord("board", parts.board);
  checkWord("module", parts.module);
  checkWord("version", parts.version);
  checkSecurity(parts.security ?? 0);
  if (parts.entries.length === 0) throw new Error("an image needs at least one entry");
  const names = new Set<string>();
  for (const { name, bytes } of parts.entries) {
    const shown = `entry ${JSON.stringify(name)}`;
    if (!ENTRY_NAME.test(name)) {
      throw new Error(`${shown}: expected a name of 1 to 28 printable ASCII characters without /`);
    }
    if (names.has(name)) throw new Error(`${shown}: expected each name once`);
    if (bytes.length === 0) throw new Error(`${shown} is empty: expected at least one byte`);
    names.add(name);
  }
}
