/**
 * The flash as the firmware may use it: read anywhere, write and erase only what was allowed. The
 * interpreter protects nothing, a wrong address would wipe Storage.
 * @module
 */

interface Range {
  address: number;
  end: number;
}

const allowed: Range[] = [];

/** Since the start: pages erased, bytes written. */
export const flashCounts = { erases: 0, written: 0 };

/** From now on this range may be written and erased. */
export function allowFlash(address: number, length: number): void {
  for (const range of allowed) if (range.address === address) return;
  allowed.push({ address: address, end: address + length });
}

/** The range that was used last: most operations follow one another in one. */
let recent: Range = { address: 0, end: 0 };

/** Throws an Error unless the range lies within one that is allowed. */
function guard(what: string, address: number, length: number): void {
  const end = address + length;
  for (const range of allowed) {
    if (address >= range.address && end <= range.end) {
      recent = range;
      return;
    }
  }
  throw new Error(
    "flash: " + what + " at 0x" + address.toString(16) + ": expected a slot or the journal's area",
  );
}

// `| 0`: the interpreter's Flash takes integers only, and Math.max, for one, gives floats there.

/** Bytes of the flash, a copy. */
export function readFlash(address: number, length: number): string {
  return E.toString(require("Flash").read(length, address | 0)) as string;
}

/**
 * Clears bits: blank flash then holds the bytes.
 * @throws Error outside of what is allowed, and when the flash reports a failure
 */
export function writeFlash(address: number, bytes: string): void {
  const length = bytes.length;
  // Nearly every byte of an update comes through here.
  if (!(address >= recent.address && address + length <= recent.end)) {
    guard("write", address, length);
  }
  flashCounts.written += length;
  require("Flash").write(bytes, address | 0);
}

/**
 * Writes and reads back: whether the flash holds the bytes now.
 * @throws Error as `writeFlash`
 */
export function programFlash(address: number, bytes: string): boolean {
  writeFlash(address, bytes);
  return readFlash(address, bytes.length) === bytes;
}

/**
 * Erases the page that begins at an address.
 * @throws Error as `writeFlash`
 */
export function erasePage(address: number): void {
  guard("erase", address, 1);
  flashCounts.erases++;
  require("Flash").erasePage(address | 0);
}

/** Whether a range is erased. Looks at it in small pieces. */
export function isBlank(address: number, length: number): boolean {
  for (let at = 0; at < length; at += 256) {
    const count = Math.min(256, length - at);
    if (E.sum(require("Flash").read(count, address + at)) !== 255 * count) return false;
  }
  return true;
}
