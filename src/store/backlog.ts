/**
 * What waits to be sent, oldest first: in RAM, and from there, when that is full, in a log in flash if
 * there is one. What finds no room any more goes, the oldest first.
 * @module
 */
import type { RecordLog } from "./record-log.ts";

export class Backlog {
  private readonly held: string[] = [];
  private heldBytes = 0;
  private lost = 0;

  /** `ramBytes`: what the records in RAM may take. */
  constructor(
    private readonly log: RecordLog | undefined,
    private readonly ramBytes: number,
  ) {}

  /** Records that wait. */
  get count(): number {
    return this.held.length + (this.log ? this.log.count : 0);
  }

  /** Of these, how many are in flash. */
  get inFlash(): number {
    return this.log ? this.log.count : 0;
  }

  /** Records that went for lack of room, since the start. */
  get dropped(): number {
    return this.lost + (this.log ? this.log.dropped : 0);
  }

  /** The longest record that may be added, in bytes. */
  get longest(): number {
    return this.log ? this.log.longest : this.ramBytes;
  }

  append(record: string): void {
    this.held.push(record);
    this.heldBytes += record.length;
    while (this.heldBytes > this.ramBytes) {
      const oldest = this.held.shift() as string;
      this.heldBytes -= oldest.length;
      if (!this.log || !this.log.append(oldest)) this.lost++;
    }
  }

  /** Brings what is in RAM to flash, where there is one. */
  flush(): void {
    while (this.log && this.held.length > 0 && this.log.append(this.held[0])) this.shift();
  }

  /** The oldest records: up to so many, and so many bytes but one at least; from one place only. */
  read(most: number, bytes: number): string[] {
    if (this.log && this.log.count) return this.log.read(most, bytes);
    const records: string[] = [];
    for (const record of this.held) {
      bytes -= record.length;
      if (records.length >= most || (bytes < 0 && records.length > 0)) break;
      records.push(record);
    }
    return records;
  }

  /** The oldest need not be kept, that many of them. */
  settle(count: number): void {
    if (this.log && this.log.count) {
      const before = this.log.count;
      this.log.settle(count);
      count -= before - this.log.count;
    }
    for (; count > 0 && this.held.length > 0; count--) this.shift();
  }

  private shift(): void {
    this.heldBytes -= (this.held.shift() as string).length;
  }
}
