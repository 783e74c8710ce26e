/**
 * The Storage files of a board, and ranges of its flash.
 * @module
 */
import { createHash } from "node:crypto";
import type { Board } from "./board.ts";
import { compress } from "./compress.ts";
import { BoardError } from "./errors.ts";
import { literal } from "./framing.ts";
import { type TransferFigures, type TransferOptions, transfer } from "./transfer.ts";

/** Longest name of a file, in bytes. */
export const LONGEST_NAME = 28;
/** Bytes read at once. */
const READ_PIECE = 1024;
/** Milliseconds for what moves all of Storage, or erases it. */
const LONG_PATIENCE = 120_000;

const STORAGE = 'require("Storage")';

/** Size and SHA-256 (hexadecimal) of content. */
export interface Digest {
  size: number;
  sha256: string;
}

/** As `Storage.getStats()` gives it, in bytes. */
export interface StorageStats {
  totalBytes: number;
  freeBytes: number;
  fileBytes: number;
  fileCount: number;
  trashBytes: number;
  trashCount: number;
}

/** Digest of bytes here, to compare. */
export function digestOf(bytes: Uint8Array): Digest {
  return { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

export function sameDigest(one: Digest | undefined, other: Digest | undefined): boolean {
  return one?.size === other?.size && one?.sha256 === other?.sha256;
}

/** @throws BoardError for a name that Storage would cut or take for something else */
function fileName(name: string): string {
  if (name === "" || name.length > LONGEST_NAME || /[^ -~]/.test(name)) {
    throw new BoardError(
      "refused",
      `file name "${name}": expected 1 to ${LONGEST_NAME} printable ASCII characters`,
    );
  }
  return literal(name);
}

/** Names of all files. */
export function listFiles(board: Board): Promise<string[]> {
  return board.query<string[]>(`${STORAGE}.list()`);
}

export function storageStats(board: Board): Promise<StorageStats> {
  return board.query<StorageStats>(`${STORAGE}.getStats()`);
}

/** Taken on the board, over what is in flash; undefined when there is no such file. */
export async function fileDigest(board: Board, name: string): Promise<Digest | undefined> {
  const found = await board.query<[number, number[]] | null>(
    `(function(f){return f===undefined?null:[f.length,` +
      `[].slice.call(new Uint8Array(require("crypto").SHA256(f)))]})(${STORAGE}.read(${fileName(name)}))`,
    { timeout: 30_000 },
  );
  return found ? { size: found[0], sha256: Buffer.from(found[1]).toString("hex") } : undefined;
}

/** A file's bytes; undefined when there is no such file. */
export async function readFile(
  board: Board,
  name: string,
  options: TransferOptions = {},
): Promise<Buffer | undefined> {
  const file = fileName(name);
  const total = await board.query<number>(
    `(function(f){return f===undefined?-1:f.length})(${STORAGE}.read(${file}))`,
  );
  if (total < 0) return undefined;
  const pieces: Buffer[] = [];
  for (let at = 0; at < total; at += READ_PIECE) {
    const text = await board.query<string>(`btoa(${STORAGE}.read(${file},${at},${READ_PIECE}))`);
    pieces.push(Buffer.from(text, "base64"));
    options.onProgress?.({ done: Math.min(at + READ_PIECE, total), total });
  }
  return Buffer.concat(pieces);
}

/**
 * Writes a file, replacing an older one, and compares its digest. Over a serial port, where the wire is
 * what takes the time, it goes compressed if the board can decompress.
 */
export async function writeFile(
  board: Board,
  name: string,
  bytes: Uint8Array,
  options: TransferOptions = {},
): Promise<TransferFigures> {
  const file = fileName(name);
  if (bytes.length === 0) {
    throw new BoardError("refused", `${name} is empty: Storage can't keep a file without content`);
  }
  const write =
    `function(o,d){var s=${STORAGE},n=${file};` +
    `if(!(o?s.write(n,d,o):s.write(n,d,0,${bytes.length})))throw "Storage is full"}`;
  const figures = await transfer(board, bytes, write, { ...wireOptions(board), ...options });
  if (!sameDigest(await fileDigest(board, name), digestOf(bytes))) {
    throw new BoardError("refused", `${name}: what the board holds now differs from what was sent`);
  }
  return figures;
}

/** Elsewhere the board's processor is slower than the wire, and decompressing costs more than it saves. */
function wireOptions(board: Board): TransferOptions {
  return board.lossy ? { compress } : {};
}

/** Deletes a file; nothing when there is none. */
export async function removeFile(board: Board, name: string): Promise<void> {
  await board.query(`${STORAGE}.erase(${fileName(name)})`);
}

/** Frees what deleted files take, by rewriting all of Storage: seconds, and not while firmware runs. */
export async function compactStorage(board: Board): Promise<void> {
  await board.query(`${STORAGE}.compact()`, { timeout: LONG_PATIENCE });
}

/** Erases all of Storage. */
export async function eraseStorage(board: Board): Promise<void> {
  await board.query(`${STORAGE}.eraseAll()`, { timeout: LONG_PATIENCE });
}

/** Writes a range of the flash that is erased already. @param address where it begins */
export function writeFlash(
  board: Board,
  address: number,
  bytes: Uint8Array,
  options: TransferOptions = {},
): Promise<TransferFigures> {
  return transfer(board, bytes, `function(o,d){require("Flash").write(d,${address}+o)}`, options);
}

/** Erases pages of the flash. @param page bytes of one */
export async function eraseFlash(
  board: Board,
  { start, length, page }: { start: number; length: number; page: number },
): Promise<void> {
  for (let at = start; at < start + length; at += page) {
    await board.query(`require("Flash").erasePage(${at})`, { timeout: 10_000 });
  }
}
