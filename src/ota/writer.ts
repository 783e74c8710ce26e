/**
 * Writes an image's bytes into a slot as they come, page by page, and reads every piece back. What
 * is in the flash already stays: no page is erased that holds the wanted bytes. Needs no buffer: where
 * a page turns out wrong in its middle, the bytes are asked for again from the page's start.
 * @module
 */
import { erasePage, isBlank, writeFlash } from "../store/flash.ts";
import { type Failure, FLASH_FAILED } from "./failure.ts";
import { REFUSED, REWIND, TAKEN } from "./sink.ts";

/** How often one page may turn out badly written and be tried again. */
const MOST_FAULTS = 2;

/** A slot as the writer needs it. */
export interface WritableSlot {
  /** Flash address, at the start of a page. */
  address: number;
  /** Bytes, whole pages. */
  length: number;
  /** The slot's bytes, in place. */
  read(offset: number, length: number): string;
}

export class SlotWriter {
  /** Next byte of the slot that is wanted. */
  position = 0;
  /** Why bytes were refused. */
  failure: Failure | undefined;
  /** Where `begin` went: no rewind goes before it. */
  private origin = 0;
  private eraseFirst = false;
  /** Whether the rest of the page is known to be blank. */
  private fresh = false;
  private faults = 0;
  // Members that are mostly undefined begin so: each other one takes memory during a download.
  private fault: string | undefined;

  /**
   * @param page erase unit of the flash, bytes
   * @param onPage hears of each page that is complete, from 0; not of a last one that is not full
   */
  constructor(
    private readonly slot: WritableSlot,
    private readonly page: number,
    private readonly onPage: (page: number) => void,
  ) {}

  /**
   * Goes to a byte of the slot; what lies before it in its page may be lost. Not to be called after
   * a rewind, which remembers what went wrong.
   * @param eraseFirst whether the page holds nothing of use
   */
  begin(position: number, eraseFirst?: boolean): void {
    this.position = this.origin = position;
    this.eraseFirst = !!eraseFirst;
    this.fresh = false;
    this.faults = 0;
  }

  /**
   * Takes the bytes at `position`.
   * @returns `TAKEN`; `REWIND` when the bytes from `position` on, which is now a page's start, are
   *   wanted again; `REFUSED` when `failure` says why nothing can be written
   */
  write(bytes: string): number {
    const page = this.page;
    if (this.position + bytes.length > this.slot.length) {
      return this.refuse("the slot holds " + this.slot.length + " bytes: more came in");
    }
    for (let at = 0; at < bytes.length; ) {
      const room = page - (this.position % page);
      const part = at || bytes.length > room ? bytes.substr(at, room) : bytes;
      const result = this.put(part);
      if (result) return result;
      at += part.length;
      this.position += part.length;
      if (part.length === room) {
        this.fresh = false;
        this.faults = 0;
        this.onPage(this.position / page - 1);
      }
    }
    return TAKEN;
  }

  /** Writes bytes that lie within one page. */
  private put(bytes: string): number {
    const address = this.slot.address + this.position;
    try {
      if (this.eraseFirst) this.erase();
      if (!this.fresh) {
        if (this.holds(bytes)) return TAKEN;
        if (!isBlank(address, this.page - (this.position % this.page))) {
          if (this.position > this.pageStart()) return this.rewind();
          this.erase();
        }
        this.fresh = true;
      }
      writeFlash(address, bytes);
      if (this.holds(bytes)) return TAKEN;
      this.fault = "it does not hold what was written";
    } catch (error) {
      this.fault = (error as Error).message;
    }
    if (this.faults < MOST_FAULTS) {
      this.faults++;
      return this.rewind();
    }
    return this.refuse("flash at 0x" + address.toString(16) + ": " + this.fault);
  }

  /** Where the present page starts, as far as the writer may go back. */
  private pageStart(): number {
    return Math.max(this.position - (this.position % this.page), this.origin);
  }

  private erase(): void {
    const start = this.position - (this.position % this.page);
    erasePage(this.slot.address + start);
    this.eraseFirst = false;
    this.fresh = true;
  }

  private rewind(): number {
    this.position = this.pageStart();
    this.fresh = false;
    this.eraseFirst = true;
    return REWIND;
  }

  private refuse(text: string): number {
    this.failure = { step: FLASH_FAILED, text: text };
    return REFUSED;
  }

  /** Compares in place: a copy would take as much memory again. */
  private holds(bytes: string): boolean {
    return this.slot.read(this.position, bytes.length) === bytes;
  }
}
