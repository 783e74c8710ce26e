/**
 * MD5 (RFC 1321), fed in pieces: the interpreter's crypto has none, and Ali's console and its
 * `hmacmd5` use it. Slow on a board (about a second a KB on an ESP32): for short texts, or between
 * packets.
 * @module
 */

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
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
    const data = E.toUint8Array(all);
    let offset = 0;
    for (; offset + 64 <= data.length; offset += 64) this.block(data, offset);
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

  private block(data: Uint8Array, offset: number): void {
    const words = new Int32Array(16);
    for (let i = 0; i < 16; i++, offset += 4) {
      words[i] =
        data[offset] |
        (data[offset + 1] << 8) |
        (data[offset + 2] << 16) |
        (data[offset + 3] << 24);
    }
    const table = constants();
    const state = this.state;
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    for (let i = 0; i < 64; i++) {
      let mix: number;
      let word: number;
      if (i < 16) {
        mix = (b & c) | (~b & d);
        word = i;
      } else if (i < 32) {
        mix = (d & b) | (~d & c);
        word = (5 * i + 1) & 15;
      } else if (i < 48) {
        mix = b ^ c ^ d;
        word = (3 * i + 5) & 15;
      } else {
        mix = c ^ (b | ~d);
        word = (7 * i) & 15;
      }
      mix = (a + mix + table[i] + words[word]) | 0;
      const shift = SHIFTS[((i >> 4) << 2) | (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((mix << shift) | (mix >>> (32 - shift)))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}
