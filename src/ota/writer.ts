/**
 * Writes an image's bytes into a slot, page by page as they come, and checks them in place.
 * @module
 */
import type { Failure } from "./failure.ts";
import { TAKEN } from "./sink.ts";

/** A slot as the writer needs it. */
export interface WritableSlot {
  /** Flash address, at the begin of a page. */
  address: number;
  /** Bytes. */
  length: number;
  /** The slot's bytes in place. */
  read(offset: number, length: number): string;
}

export class SlotWriter {
  /** Next byte of the slot that is wanted. */
  position = 0;
  /** Why bytes were refused. */
  failure: Failure | undefined = undefined;
  /** First byte of the slot that can be had again: a rewind never goes before it. */
  origin = 0;

  /**
   * @param pageBytes erase unit of the flash
   * @param onPage hears of each page that is complete, from 0; not of a last one that is not full
   */
  constructor(
    readonly slot: WritableSlot,
    readonly pageBytes: number,
    readonly onPage: (page: number) => void,
  ) {}

  /** Goes to a byte of the slot; `eraseFirst` says that its page holds nothing of use. */
  begin(position: number, _eraseFirst?: boolean): void {
    this.position = position;
  }

  /** Takes the bytes at `position`: `TAKEN`, `REWIND` or `REFUSED`. */
  write(bytes: string): number {
    this.position += bytes.length;
    return TAKEN;
  }
}
