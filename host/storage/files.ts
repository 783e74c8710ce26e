/**
 * Files to and from a board's Storage.
 * @module
 */
import {
  type Board,
  digestOf,
  fileDigest,
  LONGEST_NAME,
  literal,
  type Progress,
  readFile,
  removeFile,
  type StorageStats,
  sameDigest,
  storageStats,
  writeFile,
} from "../serial/index.ts";
import { listEntries, type StorageEntry } from "./entries.ts";
import { StorageRefusal } from "./permanent.ts";

/** A file's header in Storage, and up to a multiple of so many bytes. */
const HEADER_BYTES = 32;
const ALIGNMENT = 4;
/** Bytes of a `StorageFile` read at once. */
const PIECE = 1024;

export interface PutResult {
  /** The same content was there already. */
  unchanged: boolean;
  bytes: number;
}

/** @throws StorageRefusal when there is no such file, with the names that there are */
async function entryOf(board: Board, name: string): Promise<StorageEntry> {
  const entries = await listEntries(board);
  const entry = entries.find((one) => one.name === name);
  if (entry) return entry;
  const names = entries.map((one) => one.name).join(", ") || "none";
  throw new StorageRefusal(`no file ${name} on the board; there are ${names}`);
}

/**
 * A file's bytes.
 * @throws StorageRefusal when there is no such file
 */
export async function getFile(
  board: Board,
  name: string,
  onProgress?: (progress: Progress) => void,
): Promise<Buffer> {
  const { isLog, bytes: total } = await entryOf(board, name);
  const options = onProgress ? { onProgress } : {};
  if (!isLog) return (await readFile(board, name, options)) ?? Buffer.alloc(0);
  // A `StorageFile` is read from its start each time: the board need not keep where we are.
  const pieces: Buffer[] = [];
  for (let at = 0; at < total; at += PIECE) {
    const text = await board.query<string>(
      `(function(f){var n=${at};while(n>0)n-=f.read(Math.min(n,${PIECE})).length;` +
        `return btoa(f.read(${PIECE})||"")})(require("Storage").open(${literal(name)},"r"))`,
    );
    pieces.push(Buffer.from(text, "base64"));
    onProgress?.({ done: Math.min(at + PIECE, total), total });
  }
  return Buffer.concat(pieces);
}

/** Bytes that a file of so many takes in Storage. */
export function roomFor(bytes: number): number {
  return HEADER_BYTES + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Writes a file, unless it is there as it should be.
 * @param force also where the interpreter then has to move all files, the firmware's among them
 * @throws StorageRefusal when there is no room for it
 */
export async function putFile(
  board: Board,
  name: string,
  bytes: Uint8Array,
  options: { force?: boolean; onProgress?: (progress: Progress) => void } = {},
): Promise<PutResult> {
  const { force = false, onProgress } = options;
  const size = Buffer.byteLength(name);
  if (size === 0 || size > LONGEST_NAME || !/^[!-~]+$/.test(name)) {
    throw new StorageRefusal(
      `"${name}" can't be a file's name: expected 1 to ${LONGEST_NAME} ASCII characters without blanks`,
    );
  }
  if (bytes.length === 0) {
    throw new StorageRefusal(`${name} is empty: Storage can't keep a file without content`);
  }
  if (sameDigest(await fileDigest(board, name), digestOf(bytes))) {
    return { unchanged: true, bytes: bytes.length };
  }
  if (!force) checkRoom(name, roomFor(bytes.length), await storageStats(board));
  await writeFile(board, name, bytes, onProgress ? { onProgress } : {});
  return { unchanged: false, bytes: bytes.length };
}

/** A full Storage is rewritten as a whole, and a power cut then loses it. */
function checkRoom(name: string, needed: number, { freeBytes, trashBytes }: StorageStats): void {
  if (needed <= freeBytes) return;
  const text = `no room for ${name}: it takes ${needed} bytes, ${freeBytes} are free`;
  throw new StorageRefusal(
    needed > freeBytes + trashBytes
      ? text
      : `${text}, ${trashBytes} more in deleted files. With --force the interpreter moves all files ` +
          "together first: seconds in which the power must stay on, and the firmware restarted after.",
  );
}

/**
 * Deletes a file.
 * @throws StorageRefusal when there is no such file
 */
export async function removeEntry(board: Board, name: string): Promise<void> {
  const { isLog } = await entryOf(board, name);
  if (isLog) await board.query(`require("Storage").open(${literal(name)},"r").erase()`);
  else await removeFile(board, name);
}
