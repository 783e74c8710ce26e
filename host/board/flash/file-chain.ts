/**
 * Espruino's Storage format: files one after the other from the start of the area, each a 32-byte
 * header (24-bit size, 8 bits of flags, a name of 28 bytes padded with zeros) and its data, the next
 * on a 4-byte boundary; a deleted file's name begins with four zeros.
 * @module
 */
import type { NorFlash } from "./nor-flash.ts";

export const headerBytes = 32;
export const nameBytes = 28;
/** The flag of a chunk of a StorageFile (`Storage.open`). */
export const storageFileFlag = 64;
const compressedFlag = 128;

export interface FileHeader {
  size: number;
  flags: number;
  /** The 28 bytes of the name as a byte string, zeros included. */
  rawName: string;
  deleted: boolean;
}

/** A position in the chain: the address of a header, 0 past the end, and what was read there. */
export interface Cursor {
  addr: number;
  header: FileHeader;
  /** The bytes of the last header read, which tell an erased place from a broken one. */
  raw: Uint8Array;
  valid: boolean;
}

export interface StorageStats {
  totalBytes: number;
  freeBytes: number;
  fileBytes: number;
  fileCount: number;
  trashBytes: number;
  trashCount: number;
}

/** What the interpreter's side hears of changes under its feet. */
export interface StoreListener {
  /** A compaction begins and ends. */
  compacting?(begin: boolean): void;
  /** So many steps of 16 KB are done. */
  progress?(steps: number): void;
  /** Data at `address` moved to `to`; 0: erased. */
  moved?(address: number, length: number, to: number): void;
}

export function align(address: number): number {
  return (address + 3) & ~3;
}

/** A name as it stands in a header: cut at 28 bytes, padded with zeros. */
export function padName(name: string): string {
  const end = name.indexOf("\0");
  return (end < 0 ? name : name.slice(0, end)).slice(0, nameBytes).padEnd(nameBytes, "\0");
}

/** The name without the padding. */
export function trimName(rawName: string): string {
  const end = rawName.indexOf("\0");
  return end < 0 ? rawName : rawName.slice(0, end);
}

/** Walks the files of the area from `start` to `end` in `flash`. */
export class FileChain {
  constructor(
    readonly flash: NorFlash,
    readonly start: number,
    readonly end: number,
  ) {}

  /** Reads the header at an address. */
  at(addr: number): Cursor {
    const raw = this.flash.read(addr, headerBytes);
    const word = new DataView(raw.buffer).getUint32(0, true);
    const size = word & 0xffffff;
    const valid = word !== 0xffffffff && word !== 0 && addr + headerBytes + size <= this.end;
    const deleted = raw[4] === 0 && raw[5] === 0 && raw[6] === 0 && raw[7] === 0;
    const rawName = Buffer.from(raw.buffer, 4).toString("latin1");
    return { addr, raw, valid, header: { size, flags: word >>> 24, rawName, deleted } };
  }

  /**
   * The header after this one. With `allPages`, an invalid place is skipped to the next page's
   * start; otherwise the walk ends there, its address being the first free one.
   */
  next(cursor: Cursor, allPages: boolean): Cursor {
    const addr = align(cursor.addr + cursor.header.size + headerBytes);
    if (addr + headerBytes > this.end) return { ...cursor, addr: 0, valid: false };
    const here = this.at(addr);
    if (here.valid || !allPages) return here;
    const page = this.nextPage(addr);
    return page === 0 ? { ...here, addr: 0, valid: false } : this.at(page);
  }

  /** Start of the page after the one that holds an address; 0 at the end of the area. */
  nextPage(address: number): number {
    const page = this.flash.pageAt(address);
    if (!page) return 0;
    const next = page.addr + page.length;
    return next >= this.end ? 0 : next;
  }

  /** All valid headers; `last` receives where the walk ended. */
  *walk(allPages = true, last?: (cursor: Cursor) => void): Generator<Cursor> {
    let cursor = this.at(this.start);
    while (cursor.valid) {
      yield cursor;
      cursor = this.next(cursor, allPages);
    }
    last?.(cursor);
  }

  /** Whether a header belongs to a file that listing and compaction keep. */
  isFile(header: FileHeader): boolean {
    return (
      !header.deleted &&
      (header.flags === 0 || header.flags === storageFileFlag || header.flags === compressedFlag)
    );
  }

  /** Whether the chain ends in erased flash; if not, the interpreter wipes the area at boot. */
  isSound(): boolean {
    let cursor = this.at(this.start);
    if (!cursor.valid && cursor.raw.every((byte) => byte === 0xff))
      return this.flash.isErased(this.start, this.end - this.start);
    if (!cursor.valid) return false;
    for (;;) {
      const next = this.next(cursor, true);
      if (next.valid) {
        cursor = next;
        continue;
      }
      if (next.addr === 0) {
        const free = align(cursor.addr + cursor.header.size + headerBytes);
        if (free <= this.end && free + headerBytes > this.end) return true;
      }
      return next.raw.every((byte) => byte === 0xff);
    }
  }
}
