/**
 * Writes an image's bytes into a slot as they come, page by page, and reads every piece back. What
 * is in the flash already stays: no page is erased that holds the wanted bytes. Needs no buffer: where
 * a page turns out wrong in its middle, the bytes are asked for again from the page's start.
 * @module
 */

import { REFUSED, REWIND, TAKEN } from "../http/sink.ts";
import { erasePage, isBlank, writeFlash } from "../store/flash.ts";
import { type Failure, FLASH_FAILED } from "./failure.ts";

/** How often one page may turn out badly written and be tried again. */
const MOST_FAULTS = 2;
const NOT_HELD = "it does not hold what was written";

/** A slot as the writer needs it. */
export interface WritableSlot {
  /** Flash address, at the start of a page. */
  address: number;
  /** Bytes, whole pages. */
  length: number;
  /** The slot's bytes, a copy. */
  copy(offset: number, length: number): string;
}

/** Hears of each page that is complete, from 0; not of a last one that is not full. */
export interface PageOwner {
  onPage(page: number): void;
}

export class SlotWriter {
  /** Next byte of the slot that is wanted. */
  position = 0;
  /** Why bytes were refused. */
  failure: Failure | undefined;
  /** Where `begin` went: no rewind goes before it. */
  private origin = 0;
  /** Where the present page ends. */
  private end = 0;
  // Numbers: a boolean takes a variable of its own.
  private eraseFirst = 0;
  /** Whether the rest of the page is known to be blank. */
  private blank = 0;
  /** Whether an earlier run may have begun to write the page. */
  private begun = 0;
  private faults = 0;

  /** `page`: erase unit of the flash, bytes. */
  constructor(
    private readonly slot: WritableSlot,
    private readonly page: number,
    private readonly owner: PageOwner,
  ) {
    this.begin(0);
  }

  /**
   * Goes to a byte of the slot; what lies before it in its page may be lost. Not to be called after
   * a rewind, which remembers what went wrong.
   * @param eraseFirst whether the page holds nothing of use
   */
  begin(position: number, eraseFirst?: boolean): void {
    this.position = this.origin = position;
    this.end = position - (position % this.page) + this.page;
    this.eraseFirst = eraseFirst ? 1 : 0;
    this.blank = 0;
    this.begun = position > 0 ? 1 : 0;
    this.faults = 0;
  }

  /**
   * Takes the bytes at `position`.
   * @returns `TAKEN`; `REWIND` when the bytes from `position` on, which is now a page's start, are
   *   wanted again; `REFUSED` when `failure` says why nothing can be written
   */
  write(bytes: string): number {
    const position = this.position;
    const end = position + bytes.length;
    if (!this.blank || end >= this.end) return this.writePages(bytes);
    // Nearly every piece.
    try {
      if (this.program(position, bytes)) {
        this.position = end;
        return TAKEN;
      }
    } catch (error) {
      return this.failed((error as Error).message);
    }
    return this.failed(NOT_HELD);
  }

  private writePages(bytes: string): number {
    for (;;) {
      const room = this.end - this.position;
      const more = bytes.length - room;
      const result = this.put(more > 0 ? bytes.substr(0, room) : bytes);
      if (result) return result;
      if (more < 0) {
        this.position += bytes.length;
        return TAKEN;
      }
      this.position = this.end;
      this.end += this.page;
      this.blank = this.begun = 0;
      this.faults = 0;
      this.owner.onPage(this.position / this.page - 1);
      if (!more) return TAKEN;
      bytes = bytes.substr(room);
    }
  }

  /** Writes bytes that lie within one page. */
  private put(bytes: string): number {
    const at = this.position;
    const slot = this.slot;
    try {
      if (this.eraseFirst) this.erase();
      if (!this.blank) {
        if (this.end > slot.length) {
          return this.refuse("the slot holds " + slot.length + " bytes: more came in");
        }
        const there = slot.copy(at, bytes.length);
        if (there === bytes) return TAKEN;
        if (there.charCodeAt(0) < 255 || !isBlank(slot.address + at, this.end - at)) {
          // Where pieces ended elsewhere then, the flash takes what is still missing.
          if (this.begun && this.program(at, bytes)) return TAKEN;
          if (at > this.origin && at > this.end - this.page) return this.rewind();
          this.erase();
        }
        this.blank = 1;
      }
      if (this.program(at, bytes)) return TAKEN;
    } catch (error) {
      return this.failed((error as Error).message);
    }
    return this.failed(NOT_HELD);
  }

  /** Writes and looks: whether the slot holds the bytes now. */
  private program(at: number, bytes: string): boolean {
    const slot = this.slot;
    writeFlash(slot.address + at, bytes);
    return slot.copy(at, bytes.length) === bytes;
  }

  /** Tries the page again, a few times. */
  private failed(fault: string): number {
    if (this.faults++ < MOST_FAULTS) return this.rewind();
    const address = this.slot.address + this.position;
    return this.refuse("flash at 0x" + address.toString(16) + ": " + fault);
  }

  private erase(): void {
    erasePage(this.slot.address + this.end - this.page);
    this.eraseFirst = this.begun = 0;
    this.blank = 1;
  }

  private rewind(): number {
    this.position = Math.max(this.end - this.page, this.origin);
    this.blank = 0;
    this.eraseFirst = 1;
    return REWIND;
  }

  private refuse(text: string): number {
    this.failure = { step: FLASH_FAILED, text: text };
    return REFUSED;
  }
}
