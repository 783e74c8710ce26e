/**
 * heatshrink's format with the fewest bits that it allows, where its own compressor takes the longest
 * match at once: images gain the percents that decide whether they fit their slot.
 * @module
 */

// As the interpreter is built (heatshrink_config.h): a reference is a zero, how far back less one, and
// how many bytes less one; a byte for itself is a one and the byte.
const WINDOW_BITS = 8;
const LENGTH_BITS = 6;
const FARTHEST = 1 << WINDOW_BITS;
const LONGEST = 1 << LENGTH_BITS;
const LITERAL_COST = 1 + 8;
const REFERENCE_COST = 1 + WINDOW_BITS + LENGTH_BITS;

/** What the interpreter's `heatshrink.decompress` makes `bytes` of. */
export function packScript(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  /** By place: bits from there to the end at best, and the length and distance to begin with. */
  const costs = new Uint32Array(length + 1);
  const lengths = new Uint8Array(length);
  const distances = new Uint16Array(length);
  const before = lastPairs(bytes);
  for (let at = length - 1; at >= 0; at--) {
    const { count, distance } = longestMatch(bytes, before, at);
    costs[at] = LITERAL_COST + (costs[at + 1] as number);
    for (let take = 2; take <= count; take++) {
      const cost = REFERENCE_COST + (costs[at + take] as number);
      if (cost >= (costs[at] as number)) continue;
      costs[at] = cost;
      lengths[at] = take;
      distances[at] = distance;
    }
  }
  const out = new BitWriter(costs[0] as number);
  for (let at = 0; at < length; at += lengths[at] || 1) {
    if (lengths[at]) {
      out.write((distances[at] as number) - 1, 1 + WINDOW_BITS);
      out.write((lengths[at] as number) - 1, LENGTH_BITS);
    } else out.write(0x100 | (bytes[at] as number), LITERAL_COST);
  }
  return out.bytes;
}

/** By place: where its byte and the next one stood together last; −1: nowhere. */
function lastPairs(bytes: Uint8Array): Int32Array {
  const last = new Int32Array(1 << 16).fill(-1);
  const before = new Int32Array(bytes.length).fill(-1);
  for (let at = 0; at + 1 < bytes.length; at++) {
    const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    before[at] = last[pair] as number;
    last[pair] = at;
  }
  return before;
}

/**
 * What stands at a place and has stood before, at most `FARTHEST` bytes back; it may reach into itself.
 * Nothing is less than two bytes, which a reference does not pay for. `before` is of `lastPairs`.
 */
function longestMatch(bytes: Uint8Array, before: Int32Array, at: number) {
  const most = Math.min(LONGEST, bytes.length - at);
  const farthest = Math.max(0, at - FARTHEST);
  let count = 0;
  let distance = 0;
  let from = before[at] as number;
  for (; from >= farthest && count < most; from = before[from] as number) {
    // Not longer than the best one, then.
    if (bytes[from + count] !== bytes[at + count]) continue;
    let same = 2;
    while (same < most && bytes[from + same] === bytes[at + same]) same++;
    if (same <= count) continue;
    count = same;
    distance = at - from;
  }
  return { count, distance };
}

/** Bits, the highest of each number first; the last byte is filled with zeros. */
class BitWriter {
  readonly bytes: Buffer;
  private at = 0;

  constructor(bits: number) {
    this.bytes = Buffer.alloc(Math.ceil(bits / 8));
  }

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--, this.at++) {
      const place = this.at >> 3;
      const mask = ((value >> bit) & 1) << (7 - (this.at & 7));
      this.bytes[place] = (this.bytes[place] as number) | mask;
    }
  }
}
