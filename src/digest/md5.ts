/**
 * MD5 (RFC 1321), fed in pieces: the interpreter's crypto has none, and Ali's console and its
 * `hmacmd5` use it. Slow on a board (an estimated 0.8 s a KB on an ESP32): for short texts, or
 * a block at a time.
 * @module
 */

/** Bits that the four operations of each round rotate by. */
const SHIFTS = new Uint8Array([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]);

let sines: Int32Array | undefined;

/** The 64 constants of RFC 1321 section 3.4, made on first use: most devices never need them. */
function constants(): Int32Array {
  if (!sines) {
    sines = new Int32Array(64);
    for (let i = 0; i < 64; i++) sines[i] = Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) | 0;
  }
  return sines;
}

export class Md5 {
  private state = new Int32Array([0x67452301, -271733879, -1732584194, 0x10325476]);
  private length = 0;
  private rest = "";

  /** Takes more bytes (a byte string). */
  update(bytes: string): void {
    this.length += bytes.length;
    const all = this.rest + bytes;
    // A copy of its own, which begins at a word, also where the bytes lie within a string.
    const data = E.toUint8Array(all).buffer;
    let offset = 0;
    // The words are little-endian, as on all of the interpreter's processors.
    for (; offset + 64 <= all.length; offset += 64) this.block(new Int32Array(data, offset, 16));
    this.rest = all.substr(offset);
  }

  /** The 16 bytes of the digest, as a byte string; the object is spent afterwards. */
  digest(): string {
    const bits = this.length * 8;
    let padding = "\x80";
    while ((this.rest.length + padding.length) % 64 !== 56) padding += "\0";
    for (let i = 0; i < 4; i++) padding += String.fromCharCode((bits >>> (8 * i)) & 255);
    this.update(padding + "\0\0\0\0");
    let bytes = "";
    for (let i = 0; i < 16; i++) {
      bytes += String.fromCharCode((this.state[i >> 2] >>> (8 * (i & 3))) & 255);
    }
    return bytes;
  }

  /** The 64 operations of RFC 1321 section 3.4, in four rounds of 16. */
  private block(words: Int32Array): void {
    const table = constants();
    const state = this.state;
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let mixed: number;
    let shift: number;
    let i = 0;
    for (; i < 16; i++) {
      mixed = (a + (d ^ (b & (c ^ d))) + table[i] + words[i]) | 0;
      shift = SHIFTS[i & 3];
      a = d;
      d = c;
      c = b;
      b = (b + ((mixed << shift) | (mixed >>> (32 - shift)))) | 0;
    }
    for (; i < 32; i++) {
      mixed = (a + (c ^ (d & (b ^ c))) + table[i] + words[(5 * i + 1) & 15]) | 0;
      shift = SHIFTS[4 + (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((mixed << shift) | (mixed >>> (32 - shift)))) | 0;
    }
    for (; i < 48; i++) {
      mixed = (a + (b ^ c ^ d) + table[i] + words[(3 * i + 5) & 15]) | 0;
      shift = SHIFTS[8 + (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((mixed << shift) | (mixed >>> (32 - shift)))) | 0;
    }
    for (; i < 64; i++) {
      mixed = (a + (c ^ (b | ~d)) + table[i] + words[(7 * i) & 15]) | 0;
      shift = SHIFTS[12 + (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((mixed << shift) | (mixed >>> (32 - shift)))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}
