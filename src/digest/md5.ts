/**
 * MD5 (RFC 1321), fed in pieces: the interpreter's crypto has none, and Ali's console and its
 * `hmacmd5` use it. Slow on a board (an estimated half a second a KB on an ESP32): for short texts, or
 * a block at a time.
 * @module
 */

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

  /** The 64 operations of RFC 1321 section 3.4, four a turn so that the words need not move round. */
  private block(words: Int32Array): void {
    const table = constants();
    const state = this.state;
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let m: number;
    let i = 0;
    for (; i < 16; i += 4) {
      m = (a + ((b & c) | (~b & d)) + table[i] + words[i]) | 0;
      a = (b + ((m << 7) | (m >>> 25))) | 0;
      m = (d + ((a & b) | (~a & c)) + table[i + 1] + words[i + 1]) | 0;
      d = (a + ((m << 12) | (m >>> 20))) | 0;
      m = (c + ((d & a) | (~d & b)) + table[i + 2] + words[i + 2]) | 0;
      c = (d + ((m << 17) | (m >>> 15))) | 0;
      m = (b + ((c & d) | (~c & a)) + table[i + 3] + words[i + 3]) | 0;
      b = (c + ((m << 22) | (m >>> 10))) | 0;
    }
    for (; i < 32; i += 4) {
      m = (a + ((d & b) | (~d & c)) + table[i] + words[(5 * i + 1) & 15]) | 0;
      a = (b + ((m << 5) | (m >>> 27))) | 0;
      m = (d + ((c & a) | (~c & b)) + table[i + 1] + words[(5 * i + 6) & 15]) | 0;
      d = (a + ((m << 9) | (m >>> 23))) | 0;
      m = (c + ((b & d) | (~b & a)) + table[i + 2] + words[(5 * i + 11) & 15]) | 0;
      c = (d + ((m << 14) | (m >>> 18))) | 0;
      m = (b + ((a & c) | (~a & d)) + table[i + 3] + words[(5 * i) & 15]) | 0;
      b = (c + ((m << 20) | (m >>> 12))) | 0;
    }
    for (; i < 48; i += 4) {
      m = (a + (b ^ c ^ d) + table[i] + words[(3 * i + 5) & 15]) | 0;
      a = (b + ((m << 4) | (m >>> 28))) | 0;
      m = (d + (a ^ b ^ c) + table[i + 1] + words[(3 * i + 8) & 15]) | 0;
      d = (a + ((m << 11) | (m >>> 21))) | 0;
      m = (c + (d ^ a ^ b) + table[i + 2] + words[(3 * i + 11) & 15]) | 0;
      c = (d + ((m << 16) | (m >>> 16))) | 0;
      m = (b + (c ^ d ^ a) + table[i + 3] + words[(3 * i + 14) & 15]) | 0;
      b = (c + ((m << 23) | (m >>> 9))) | 0;
    }
    for (; i < 64; i += 4) {
      m = (a + (c ^ (b | ~d)) + table[i] + words[(7 * i) & 15]) | 0;
      a = (b + ((m << 6) | (m >>> 26))) | 0;
      m = (d + (b ^ (a | ~c)) + table[i + 1] + words[(7 * i + 7) & 15]) | 0;
      d = (a + ((m << 10) | (m >>> 22))) | 0;
      m = (c + (a ^ (d | ~b)) + table[i + 2] + words[(7 * i + 14) & 15]) | 0;
      c = (d + ((m << 15) | (m >>> 17))) | 0;
      m = (b + (d ^ (c | ~a)) + table[i + 3] + words[(7 * i + 5) & 15]) | 0;
      b = (c + ((m << 21) | (m >>> 11))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}
