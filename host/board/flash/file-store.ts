/**
 * The files of Storage: finding, writing in parts, erasing and compacting them with the flash
 * operations, in the order, that the interpreter makes.
 * @module
 */
import { compact } from "./compaction.ts";
import {
  align,
  type Cursor,
  FileChain,
  headerBytes,
  padName,
  type StorageStats,
  type StoreListener,
  trimName,
} from "./file-chain.ts";
import type { NorFlash } from "./nor-flash.ts";

/** A write that Storage refuses; the message is the interpreter's. */
export class StorageError extends Error {
  override name = "StorageError";
}

/** A file's place: address of its data, size in bytes, flags. */
export interface StoredFile {
  addr: number;
  size: number;
  flags: number;
}

/** The Storage area of a flash. */
export class FileStore {
  readonly chain: FileChain;
  listener: StoreListener = {};

  constructor(
    readonly flash: NorFlash,
    area: { start: number; length: number },
  ) {
    this.chain = new FileChain(flash, area.start, area.start + area.length);
  }

  find(name: string): StoredFile | undefined {
    const rawName = padName(name);
    for (const { addr, header } of this.chain.walk())
      if (!header.deleted && header.rawName === rawName)
        return { addr: addr + headerBytes, size: header.size, flags: header.flags };
    return undefined;
  }

  /** The file's bytes, clipped to the range; undefined when there is none. */
  read(name: string, offset = 0, length = 0): Uint8Array | undefined {
    const file = this.find(name);
    if (!file) return undefined;
    const from = Math.min(Math.max(offset, 0), file.size);
    const count = Math.min(length <= 0 ? file.size : length, file.size - from);
    return this.flash.read(file.addr + from, count);
  }

  /** Names in the order of the chain; a file of chunks (`flag` 64) shows by its first one. */
  list(): { name: string; flags: number; addr: number }[] {
    const files = [];
    for (const { addr, header } of this.chain.walk())
      if (this.chain.isFile(header))
        files.push({ name: trimName(header.rawName), flags: header.flags, addr });
    return files;
  }

  /**
   * Writes a part of a file, or the whole of it.
   * @param size bytes to reserve when the file is made; 0: as many as `data`
   * @throws StorageError with the interpreter's text
   */
  write(name: string, data: Uint8Array, flags = 0, offset = 0, size = 0): boolean {
    if (offset < 0 || size < 0) return false;
    const wanted = size || data.length;
    if (wanted === 0) throw new StorageError("Can't create zero length file");
    const old = this.find(name);
    let addr = old?.addr ?? 0;
    let available = old?.size ?? 0;
    if (offset === 0 && (!old || this.mustReplace(old, flags, wanted))) {
      if (old && this.isSame(old, flags, wanted, data)) return true;
      if (old) this.eraseAt(old);
      addr = this.create(name, wanted, flags);
      available = wanted;
    }
    if (addr === 0) throw new StorageError("Unable to find or create file");
    if (offset + data.length > available) throw new StorageError("Too much data for file size");
    if (!this.flash.isErased(addr + offset, data.length))
      throw new StorageError("File already written with different data");
    this.flash.writeAligned(addr + offset, data);
    return true;
  }

  private mustReplace(old: StoredFile, flags: number, size: number): boolean {
    return flags !== old.flags || size !== old.size || !this.flash.isErased(old.addr, size);
  }

  private isSame(old: StoredFile, flags: number, size: number, data: Uint8Array): boolean {
    if (size !== old.size || flags !== old.flags || data.length !== size) return false;
    return Buffer.compare(this.flash.read(old.addr, size), data) === 0;
  }

  erase(name: string): boolean {
    const file = this.find(name);
    if (file) this.eraseAt(file);
    return file !== undefined;
  }

  private eraseAt(file: StoredFile): void {
    this.listener.moved?.(file.addr, file.size, 0);
    this.flash.write(file.addr - headerBytes + 4, new Uint8Array(4));
  }

  eraseAll(): void {
    this.listener.moved?.(this.chain.start, this.chain.end - this.chain.start, 0);
    for (let addr = this.chain.start; addr !== 0; addr = this.chain.nextPage(addr))
      this.flash.erasePage(addr);
  }

  /** Whether there was anything to compact. */
  compact(): boolean {
    return compact(this.chain, this.stats(), this.listener);
  }

  stats(): StorageStats & { firstTrashPage: number } {
    const { chain } = this;
    const stats = { fileBytes: 0, fileCount: 0, trashBytes: 0, trashCount: 0, firstTrashPage: 0 };
    let end = chain.start;
    let unbrokenPage = chain.start;
    for (const { addr, header } of chain.walk()) {
      if (this.flash.pageAt(addr)?.addr === addr) unbrokenPage = addr;
      const bytes = align(header.size) + headerBytes;
      end = addr + bytes;
      if (header.deleted) {
        stats.trashBytes += bytes;
        stats.trashCount++;
        if (stats.firstTrashPage === 0) stats.firstTrashPage = unbrokenPage;
      } else {
        stats.fileBytes += bytes;
        stats.fileCount++;
      }
    }
    return { totalBytes: chain.end - chain.start, freeBytes: chain.end - end, ...stats };
  }

  /** Address of the data of a new file; 0 when there is no room. */
  private create(name: string, size: number, flags: number): number {
    const required = align(size) + headerBytes;
    let found = this.findRoom(required);
    if (found.addr === 0) {
      if (required >= found.free + found.trash || !this.compact()) return 0;
      found = this.findRoom(required);
      if (found.addr === 0) return 0;
    }
    const header = new Uint8Array(headerBytes);
    new DataView(header.buffer).setUint32(0, ((flags << 24) | size) >>> 0, true);
    const rawName = padName(name);
    for (let i = 0; i < rawName.length; i++) header[4 + i] = rawName.charCodeAt(i);
    this.flash.write(found.addr, header);
    return found.addr + headerBytes;
  }

  private findRoom(required: number): { addr: number; free: number; trash: number } {
    const { chain } = this;
    let free = 0;
    let trash = 0;
    let addr = chain.start;
    while (addr !== 0) {
      let cursor: Cursor = chain.at(addr);
      while (cursor.valid) {
        if (cursor.header.deleted) trash += cursor.header.size;
        cursor = chain.next(cursor, false);
      }
      if (cursor.addr === 0) break;
      const room = this.roomAt(cursor.addr);
      free += room;
      if (room >= required) return { addr: cursor.addr, free, trash };
      addr = chain.nextPage(cursor.addr);
    }
    return { addr: 0, free, trash };
  }

  /** Bytes from a free place to the next file. */
  private roomAt(addr: number): number {
    const page = this.flash.pageAt(addr);
    if (!page) return 0;
    const next = page.addr + page.length;
    const isLast = next >= this.chain.end || !this.chain.at(next).valid;
    return (isLast ? this.chain.end : next) - addr;
  }
}
