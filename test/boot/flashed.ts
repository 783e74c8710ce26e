/**
 * Flash images with a loader, images in the slots and a journal, as a test wants them.
 * @module
 */
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { FileStore } from "../../host/board/index.ts";
import type { Board } from "../../host/build/boards.ts";
import { packImage } from "../../host/image/image.ts";
import { allowFlash } from "../../src/store/flash.ts";
import { Journal } from "../../src/store/journal.ts";
import { useFlash } from "../store/fake-flash.ts";

export const SLOTS = ["slot.a", "slot.b", "factory"];

/** An image whose script is given. */
export function imageOf(board: Board, script: string, version = "1.0.0"): Buffer {
  const entries = [{ name: "main.js", bytes: Buffer.from(script, "latin1") }];
  return packImage({ board: board.device.name, module: "test", version, entries });
}

/** A board's flash in memory. */
export class Flashed {
  readonly flash: NorFlash;
  readonly store: FileStore;

  /** With loader, factory image, empty slots and area, in the order of flashing. */
  constructor(
    readonly board: Board,
    loader: string | Buffer,
    factory: Buffer,
  ) {
    const { size, base, page, storage, raw, slotBytes } = board.machine.flash;
    this.flash = new NorFlash(new Uint8Array(size).fill(0xff), base, page);
    this.store = new FileStore(this.flash, storage);
    const x = Uint8Array.of(0x78);
    if (!raw) this.store.write("area", x, 0, 0, 16384 + page);
    this.store.write(".boot0", Buffer.from(loader));
    this.store.write("factory", factory);
    for (const name of ["slot.a", "slot.b"]) this.store.write(name, x, 0, 0, slotBytes + page);
  }

  /** Address of the journal. */
  get area(): number {
    const { raw, storage, page } = this.board.machine.flash;
    return raw?.start ?? storage.start + page;
  }

  /** Address of a slot's first whole page. */
  slotAddress(slot: 0 | 1): number {
    const { page, base } = this.board.machine.flash;
    const data = this.store.find(SLOTS[slot] as string)?.addr ?? 0;
    return data + ((page - ((data - base) % page)) % page);
  }

  /** Puts an image into a slot. */
  fill(slot: 0 | 1, image: Buffer): void {
    const { page } = this.flash;
    const address = this.slotAddress(slot);
    for (let at = 0; at < image.length; at += page) this.flash.erasePage(address + at);
    this.flash.writeAligned(address, image);
  }

  /** The journal as the firmware opens it. */
  journal(): Journal {
    useFlash(this.flash, this.board.machine.flash.storage);
    allowFlash(this.area, 16384);
    return new Journal(this.area);
  }

  /** Writes the record `boot`. */
  choose(record: { a: number; p?: number; t?: number; s?: number; m?: number }): void {
    const made = this.journal().put("boot", { p: -1, t: -1, s: 0, ...record }, 12);
    if (!made) throw new Error("the journal takes no record");
  }

  /** Marks of the record `boot` that are set, by index. */
  marks(): number[] {
    const journal = this.journal();
    return Array.from({ length: 12 }, (_, i) => i).filter((i) => journal.isMarked("boot", i));
  }

  /** Flips one bit. */
  flip(address: number, bit = 0): void {
    const at = address - this.flash.base;
    this.flash.bytes[at] = (this.flash.bytes[at] ?? 0) ^ (1 << bit);
  }
}
