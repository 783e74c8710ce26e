/**
 * Storage files that are made when the board is flashed and never change their place: the slots for
 * images, and on some boards the area of journal and settings. Their whole pages are written with
 * `Flash`, so that Storage's chain of files is never touched.
 * @module
 */
import { device } from "#board";
import { allowFlash, readFlash } from "./flash.ts";

/** Bytes of journal and settings together. */
export const AREA_BYTES = 16384;
/** The slot of the image that came by cable; no update writes it. */
export const FACTORY = 2;

const NAMES = ["slot.a", "slot.b", "factory"];
const AREA_FILE = "area";
/** Storage's format: a file's header is its size (24 bits), its flags (8) and its name (28 bytes). */
const HEADER = 32;

/** The whole pages within a Storage file; all in bytes. */
export interface Container {
  name: string;
  /** In the flash, at a page's start. */
  address: number;
  /** The same place in the file. */
  offset: number;
  length: number;
}

/** Where an image lies; it begins at `read(0, …)`. */
export interface Slot {
  /** 0 and 1: written by updates; 2: `FACTORY`. */
  index: number;
  name: string;
  /** In the flash; 0 for the factory image, which can't be written. */
  address: number;
  length: number;
  /** Bytes in place, without a copy where Storage is memory-mapped. */
  read(offset: number, length: number): string;
  /** A copy: where bytes are compared in place, the interpreter fetches each by itself. */
  copy(offset: number, length: number): string;
}

/** Finds a Storage file's whole pages by walking the headers; undefined when there is none. @brief */
export function findContainer(name: string): Container | undefined {
  const storage = device.flash.storage;
  const page = device.flash.page;
  const end = storage.start + storage.length;
  let at = storage.start;
  // A place without a header: the chain goes on at the next page, or has ended.
  let skipped = false;
  while (at + HEADER <= end) {
    const head = readFlash(at, HEADER);
    const size = head.charCodeAt(0) | (head.charCodeAt(1) << 8) | (head.charCodeAt(2) << 16);
    const data = at + HEADER;
    const word = head.substr(0, 4);
    if (word === "\xff\xff\xff\xff" || word === "\0\0\0\0" || data + size > end) {
      if (skipped) return undefined;
      skipped = true;
      at += page - ((at - storage.start) % page);
    } else {
      skipped = false;
      if (head.substr(4, name.length + 1) === name + "\0") return wholePages(name, data, size);
      at = (data + size + 3) & ~3;
    }
  }
  return undefined;
}

function wholePages(name: string, data: number, size: number): Container {
  const page = device.flash.page;
  const offset = (page - ((data - device.flash.storage.start) % page)) % page;
  const length = size - offset;
  return {
    name: name,
    address: data + offset,
    offset: offset,
    length: Math.max(length - (length % page), 0),
  };
}

class StoredSlot implements Slot {
  readonly index: number;
  readonly name: string;
  readonly address: number;
  readonly length: number;
  private readonly offset: number;

  constructor(index: number, name: string, address: number, offset: number, length: number) {
    this.index = index;
    this.name = name;
    this.address = address;
    this.offset = offset;
    this.length = length;
  }

  read(offset: number, length: number): string {
    if (length <= 0) return "";
    return require("Storage").read(this.name, this.offset + offset, length) as string;
  }

  copy(offset: number, length: number): string {
    return E.toString(this.read(offset, length)) as string;
  }
}

/**
 * A slot by its number; undefined when the board has none. From then on it may be written, unless
 * it is the factory image's or the running one.
 */
export function openSlot(index: number): Slot | undefined {
  const name = NAMES[index];
  if (index === FACTORY) {
    const image = require("Storage").read(name);
    return image ? new StoredSlot(index, name, 0, 0, image.length) : undefined;
  }
  const found = name ? findContainer(name) : undefined;
  if (!found || !found.length) return undefined;
  const length = Math.min(found.length, device.flash.slotBytes);
  if (!global.boot || global.boot.slot !== index) allowFlash(found.address, length);
  return new StoredSlot(index, name, found.address, found.offset, length);
}

/**
 * Address of the area for journal and settings, which from then on may be written.
 * @throws Error when the board was not flashed with one
 */
export function openArea(): number {
  const flash = device.flash;
  let address = flash.raw;
  if (!address) {
    const area = findContainer(AREA_FILE);
    // The loader does not search.
    address = flash.storage.start + flash.page;
    if (!area || area.address !== address || area.length < AREA_BYTES) {
      throw new Error('Storage must begin with the file "area": flash the board again');
    }
  }
  allowFlash(address, AREA_BYTES);
  return address;
}
