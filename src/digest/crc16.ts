/**
 * CRC-16/ARC (also "IBM": polynomial 0x8005 reflected, start 0, no final XOR; "123456789" gives
 * 0xBB3D), as blocks of a download over MQTT carry it.
 *
 * Its polynomial P(x) = x^16 + x^15 + x^2 + 1 divides P(x)^32 = P(x^32), whose terms are whole 32-bit
 * words apart. So the bytes are first reduced by that, word by word, to 16 words of the same CRC, and
 * only these bit by bit: three times as fast on the interpreter as a table, which is not needed.
 * @module
 */

/** Bytes that a polynomial below P(x^32) takes. */
const REST = 64;
/** Bytes that are worked on at a time, a multiple of 4: the interpreter copies them. */
const SLICE = 512;

/** The CRC of a byte string, 0 to 65535. */
export function crc16(bytes: string): number {
  let rest = "\0".repeat(REST);
  // Zeros in front change nothing; so only the first slice may be a broken number of words.
  let at = bytes.length % SLICE;
  let slice = bytes.substr(0, at);
  for (;;) {
    rest = reduce("\0".repeat((4 - (slice.length & 3)) & 3) + rest + slice);
    if (at >= bytes.length) return finish(rest);
    slice = bytes.substr(at, SLICE);
    at += SLICE;
  }
}

/** The remainder of whole words modulo P(x^32). */
function reduce(bytes: string): string {
  const words = new Int32Array(E.toUint8Array("\0".repeat(REST), bytes).buffer);
  const end = words.length - 16;
  let quotient = 0;
  for (let n = 16; n < end; n++) {
    quotient ^= words[n] ^ words[n - 14] ^ words[n - 16];
    words[n] = quotient;
  }
  const rest = new Int32Array(16);
  for (let n = 0; n < 16; n++) {
    rest[n] = words[end + n] ^ words[end + n - 16] ^ (n < 14 ? words[end + n - 14] : 0);
  }
  rest[0] ^= quotient;
  return E.toString(new Uint8Array(rest.buffer)) as string;
}

function finish(bytes: string): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    const low = (crc ^ bytes.charCodeAt(i)) & 255;
    // What a table would hold: P(x) is x + 1 times x^15 + x + 1, so it is made of a parity.
    let parity = low ^ (low >> 4);
    parity ^= parity >> 2;
    parity ^= parity >> 1;
    crc = (crc >> 8) ^ (low << 6) ^ (low << 7) ^ (parity & 1 ? 0xc001 : 0);
  }
  return crc;
}
