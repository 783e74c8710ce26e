/**
 * NOR flash: an erased byte is 0xFF, a write can only clear bits, an erase sets a whole page. Every
 * change goes through to the image file at once, so what was done before a power cut stays done.
 * @module
 */

/** One change of the flash, as the hardware sees it; addresses and lengths in bytes. */
export interface FlashOperation {
  kind: "write" | "erase";
  address: number;
  length: number;
}

/**
 * What goes wrong with an operation: the power goes after `bytes` of it, it does nothing, it flips
 * one bit (counted from the operation's first), or it fails with an exception in the script.
 */
export type FlashFault =
  | { kind: "cut"; bytes: number }
  | { kind: "skip" }
  | { kind: "flip"; bit: number }
  | { kind: "fail" };

/** Called before each operation; what it returns goes wrong with it. */
export type FlashHook = (operation: FlashOperation) => FlashFault | undefined;

/** The power went while the flash was being changed. */
export class PowerCut extends Error {
  override name = "PowerCut";
}

/** An operation that the flash reports as failed. */
export class FlashFailure extends Error {
  override name = "FlashFailure";
}

/** Where changed bytes go to last beyond the power's end; `offset` from the flash's start. */
export type Persist = (offset: number, bytes: Uint8Array) => void;

/** A flash of `bytes.length` bytes at `base`, with pages of `page` bytes. */
export class NorFlash {
  hook: FlashHook | undefined;
  /** Operations so far. */
  operations = 0;
  erases = 0;
  private followers: { address: number; copy: WeakRef<ArrayBuffer> }[] = [];

  constructor(
    readonly bytes: Uint8Array,
    readonly base: number,
    readonly page: number,
    private readonly persist: Persist = () => {},
  ) {
    if (bytes.length === 0 || bytes.length % page !== 0)
      throw new Error(`a flash of ${bytes.length} bytes is not a number of ${page}-byte pages`);
  }

  get end(): number {
    return this.base + this.bytes.length;
  }

  /** The page that holds an address; undefined outside of the flash. */
  pageAt(address: number): { addr: number; length: number } | undefined {
    if (!(address >= this.base && address < this.end)) return undefined;
    return { addr: address - ((address - this.base) % this.page), length: this.page };
  }

  /** A copy; what lies outside of the flash reads as 0xFF. */
  read(address: number, length: number): Uint8Array {
    const result = new Uint8Array(length).fill(0xff);
    const from = Math.max(address, this.base);
    const to = Math.min(address + length, this.end);
    if (to > from)
      result.set(this.bytes.subarray(from - this.base, to - this.base), from - address);
    return result;
  }

  /** Keeps a copy of what is at `address` the same as the flash, for as long as it is in use. */
  follow(address: number, copy: ArrayBuffer): void {
    this.followers = this.followers.filter((one) => one.copy.deref() !== undefined);
    this.followers.push({ address, copy: new WeakRef(copy) });
  }

  isErased(address: number, length: number): boolean {
    const offset = address - this.base;
    const end = Math.min(offset + length, this.bytes.length);
    for (let i = offset; i < end; i++) if (this.bytes[i] !== 0xff) return false;
    return true;
  }

  /** Clears bits; a range outside of the flash is ignored, as the hardware layer does. */
  write(address: number, data: Uint8Array): void {
    if (data.length === 0 || address < this.base || address >= this.end) return;
    const fit = data.subarray(0, this.end - address);
    this.change({ kind: "write", address, length: fit.length }, (offset, count) => {
      for (let i = 0; i < count; i++)
        this.bytes[offset + i] = (this.bytes[offset + i] ?? 0) & (fit[i] ?? 0xff);
    });
  }

  /**
   * Writes at any address in whole 4-byte words, the unit of Espruino's drivers: a first and a last
   * partial word are read and written back.
   */
  writeAligned(address: number, data: Uint8Array): void {
    const lead = address % 4;
    let done = 0;
    if (lead !== 0) {
      done = Math.min(4 - lead, data.length);
      const word = this.read(address - lead, 4);
      word.set(data.subarray(0, done), lead);
      this.write(address - lead, word);
    }
    const whole = (data.length - done) & ~3;
    if (whole > 0) this.write(address + done, data.subarray(done, done + whole));
    done += whole;
    if (done < data.length) {
      const word = this.read(address + done, 4);
      word.set(data.subarray(done));
      this.write(address + done, word);
    }
  }

  erasePage(address: number): void {
    const page = this.pageAt(address);
    if (!page) return;
    this.erases++;
    this.change({ kind: "erase", address: page.addr, length: page.length }, (offset, count) => {
      this.bytes.fill(0xff, offset, offset + count);
    });
  }

  private change(operation: FlashOperation, apply: (offset: number, count: number) => void): void {
    this.operations++;
    const fault = this.hook?.(operation);
    const offset = operation.address - this.base;
    if (fault?.kind === "fail") throw new FlashFailure("flash operation failed");
    if (fault?.kind === "skip") return;
    const count =
      fault?.kind === "cut" ? Math.min(fault.bytes, operation.length) : operation.length;
    apply(offset, count);
    if (fault?.kind === "flip") {
      const at = offset + ((fault.bit >> 3) % operation.length);
      this.bytes[at] = (this.bytes[at] ?? 0) ^ (1 << (fault.bit & 7));
    }
    if (count > 0) this.persist(offset, this.bytes.subarray(offset, offset + count));
    for (const { address, copy } of this.followers) {
      const buffer = copy.deref();
      if (!buffer || address >= operation.address + count) continue;
      if (address + buffer.byteLength <= operation.address) continue;
      new Uint8Array(buffer).set(this.read(address, buffer.byteLength));
    }
    if (fault?.kind === "cut") throw new PowerCut("the power was cut during a flash operation");
  }
}
