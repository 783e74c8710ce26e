/**
 * Records in the order in which they were made, in a ring of flash pages: for what has to wait, over
 * power cuts, until it is sent. When the ring is full, the oldest page goes with what it holds. A
 * record that is settled, and with it all before it, is marked in place; a cut before the mark only
 * has it read again. Pages are used in turn and erased one at a time; every write is read back.
 *
 * A line, a multiple of 4 bytes so that no word holds parts of two:
 * CRC-32 of the rest but the mark (8 hexadecimal digits) · bytes of the record (3, hexadecimal) · the
 * record, then spaces · mark (0xFF: not settled, 4 times). A page begins with its number, 8
 * hexadecimal digits, behind their CRC-32. The first line that does not fit ends the page.
 * @module
 */
import { device } from "#board";
import { erasePage, isBlank, programFlash, readFlash } from "./flash.ts";

/** Of a page: CRC and number. */
const HEADER = 16;
/** Of a line: CRC and size. */
const BEFORE = 11;
const MARK = 4;

function hex(value: number, digits: number): string {
  return ("0000000" + value.toString(16)).substr(-digits);
}

function checked(text: string): string {
  return hex(E.CRC32(text), 8) + text;
}

/** Bytes of the line of a record. */
function lineBytes(length: number): number {
  return ((BEFORE + length + 3) & ~3) + MARK;
}

export class RecordLog {
  /** Records that are not settled. */
  count = 0;
  /** Records that went unsettled since the start, for lack of room. */
  dropped = 0;
  /** Whether the flash is still the log's; asked before each write. */
  guard: (() => boolean) | undefined;
  private readonly address: number;
  private readonly pages: number;
  /** Page in use; -1: none yet. */
  private page = -1;
  private seq = 0;
  /** Address where the next line goes. */
  private end = 0;
  /** The page in use takes no more. */
  private full = true;
  /** Page and address of the oldest record that is not settled. */
  private firstPage = 0;
  private first = 0;

  /** Opens what is there; `length`: bytes, two pages at least; `found` hears of each record. */
  constructor(address: number, length: number, found?: (record: string) => void) {
    this.address = address;
    this.pages = Math.floor(length / device.flash.page);
    for (let page = 0; page < this.pages; page++) {
      const seq = this.readSeq(page);
      if (seq <= this.seq) continue;
      this.seq = seq;
      this.page = page;
    }
    if (this.page >= 0) this.scan(found);
  }

  /** The longest record that a page takes, in bytes. */
  get longest(): number {
    return device.flash.page - HEADER - MARK - BEFORE - 1;
  }

  /** Adds a record, a byte string; false: it is too long, or the flash does not take it. */
  append(record: string): boolean {
    if (record.length > this.longest || !this.isOurs()) return false;
    const size = lineBytes(record.length);
    const line = checked(hex(record.length, 3) + record).padEnd(size - MARK) + "\xff".repeat(MARK);
    for (let tries = 0; tries < 2; tries++) {
      if (this.full || this.end + size > this.start(this.page) + device.flash.page) {
        if (!this.turn()) continue;
      }
      if (write(this.end, line)) {
        this.end += size;
        this.count++;
        return true;
      }
      this.full = true;
    }
    return false;
  }

  /** The oldest records that are not settled: up to so many, and so many bytes but one at least. */
  read(most: number, bytes: number): string[] {
    const records: string[] = [];
    let page = this.firstPage;
    let at = this.first;
    while (records.length < most && records.length < this.count) {
      const record = this.readLine(at, page);
      if (record === undefined) {
        if (page === this.page) break;
        page = this.after(page);
        at = this.start(page) + HEADER;
        continue;
      }
      bytes -= record.length;
      if (bytes < 0 && records.length > 0) break;
      records.push(record);
      at += lineBytes(record.length);
    }
    return records;
  }

  /** Marks the oldest records as settled, that many of them. */
  settle(count: number): void {
    let mark = 0;
    while (count > 0 && this.count > 0) {
      const record = this.readLine(this.first, this.firstPage);
      if (record === undefined) {
        if (this.firstPage === this.page) this.count = 0;
        else this.goOn();
        continue;
      }
      this.first += lineBytes(record.length);
      mark = this.first - MARK;
      this.count--;
      count--;
    }
    // Should the flash not take it, they are only sent again after a restart.
    if (mark && this.isOurs()) write(mark, "\0");
  }

  private isOurs(): boolean {
    return !this.guard || this.guard();
  }

  private start(page: number): number {
    return this.address + page * device.flash.page;
  }

  /** The page that was used after this one. */
  private after(page: number): number {
    const seq = this.readSeq(page);
    let next = page;
    do next = (next + 1) % this.pages;
    while (next !== this.page && this.readSeq(next) <= seq);
    return next;
  }

  /** Takes the next page for that of the oldest record. */
  private goOn(): void {
    this.firstPage = this.after(this.firstPage);
    this.first = this.start(this.firstPage) + HEADER;
  }

  /** Number of a page; 0 when it is not valid. */
  private readSeq(page: number): number {
    const head = readFlash(this.start(page), HEADER);
    const seq = head.substr(8);
    return checked(seq) === head ? parseInt(seq, 16) : 0;
  }

  /** The record of the line at an address; undefined when none is there. */
  private readLine(at: number, page: number): string | undefined {
    if (page === this.page && at >= this.end) return undefined;
    const room = this.start(page) + device.flash.page - at;
    if (room <= BEFORE + MARK) return undefined;
    const head = readFlash(at, BEFORE);
    const length = parseInt(head.substr(8), 16);
    if (!(length >= 0 && lineBytes(length) <= room)) return undefined;
    const record = readFlash(at + BEFORE, length);
    return checked(head.substr(8) + record) === head + record ? record : undefined;
  }

  /** Finds the first record that is not settled, and the end. */
  private scan(found: ((record: string) => void) | undefined): void {
    let last = 0;
    this.end = this.start(this.page) + device.flash.page;
    for (let n = 1; n <= this.pages; n++) {
      const page = (this.page + n) % this.pages;
      const seq = this.readSeq(page);
      // Not valid: it was being erased; lower: it could not be erased.
      if (seq <= last) continue;
      last = seq;
      let at = this.start(page) + HEADER;
      if (!this.first) this.unsettledFrom(page, at);
      let record = this.readLine(at, page);
      while (record !== undefined) {
        at += lineBytes(record.length);
        this.count++;
        if (found) found(record);
        if (readFlash(at - MARK, 1) !== "\xff") this.unsettledFrom(page, at);
        record = this.readLine(at, page);
      }
      if (page === this.page) this.end = at;
    }
    const room = this.start(this.page) + device.flash.page - this.end;
    this.full = !isBlank(this.end, room);
  }

  private unsettledFrom(page: number, at: number): void {
    this.firstPage = page;
    this.first = at;
    this.count = 0;
  }

  /** Goes to the next page; false: the flash does not take that. */
  private turn(): boolean {
    const page = (this.page + 1) % this.pages;
    const start = this.start(page);
    if (this.count > 0 && this.firstPage === page) this.drop();
    this.page = page;
    this.end = start;
    this.full = true;
    try {
      if (!isBlank(start, device.flash.page)) erasePage(start);
      if (!isBlank(start, device.flash.page)) return false;
    } catch (_error) {
      return false;
    }
    if (!write(start, checked(hex(this.seq + 1, 8)))) return false;
    this.seq++;
    this.end = start + HEADER;
    this.full = false;
    if (!this.count) this.unsettledFrom(page, this.end);
    return true;
  }

  /** Gives up what the page of the oldest record holds. */
  private drop(): void {
    const page = this.firstPage;
    let record = this.readLine(this.first, page);
    while (record !== undefined && this.count > 0) {
      this.first += lineBytes(record.length);
      this.count--;
      this.dropped++;
      record = this.readLine(this.first, page);
    }
    this.goOn();
  }
}

/** Writes and reads back; a mark's byte like a line. */
function write(address: number, bytes: string): boolean {
  try {
    return programFlash(address, bytes);
  } catch (_error) {
    return false;
  }
}
