/**
 * Checks RSA-2048 signatures: PKCS#1 v1.5 with SHA-256 and exponent 65537 (RFC 8017, section
 * 8.2.2), by comparing the whole padded block. Takes about 4400 native multiply-accumulates, in
 * turns short enough for the rest of the firmware to go on between them.
 *
 * Numbers are 96 limbs of 22 bits, so that a column of products is exact in double precision:
 * 192 * 2^44 < 2^53. Montgomery's multiplication (R = 2^2112) runs modulo `k * n`, where k makes
 * the lowest limb all ones: then each quotient limb is the sum's lowest limb itself. Both factors'
 * columns come out of one `E.convolve`, as the two arrays interleave them:
 *
 * - `left[2i]` is limb i of the first factor, `left[2i + 1]` of the quotient;
 * - `right[238 - 2i]` is limb i of the second factor, `right[239 - 2i]` of k * n + 1; 24 pairs of
 *   zeros lie on either side, for the columns that hang over an end.
 * @module
 */

const BASE = 0x400000;
const MASK = 0x3fffff;
const LIMBS = 96;
const KEY_BYTES = 256;
/** Place in `right` of limb 0 of the second factor. */
const LOWEST = 48 + 2 * 95;
/** Turns that a multiplication takes, of 24 columns each. */
const PARTS = 8;
/** ASN.1 of a SHA-256 digest, before the digest itself. */
const DIGEST_INFO = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

// What is done after one another; each stage from the first multiplication on takes several turns.
const LOAD_MODULUS = 0;
/** Six steps from 2^2046 to 2^2178, of which five squarings make R * R. */
const LAST_SHIFT = 6;
const FIRST_SQUARING = 7;
/** The signature times R. */
const INTO_MONTGOMERY = 12;
/** Sixteen squarings later: k times the signature to the power of 65537. */
const OUT_OF_MONTGOMERY = 29;
const COMPARE = 30;

/** Work under way. */
export interface Work {
  /** Ends it; nothing is reported any more. */
  stop(): void;
}

/** A number of 256 big-endian bytes, for `limb`. */
function widen(bytes: string): Uint8Array {
  return E.toUint8Array("\0\0\0\0\0\0\0\0\0\0\0\0", bytes);
}

/** Limb of a widened number. */
function limb(bytes: Uint8Array, index: number): number {
  const bit = 22 * index;
  const at = 267 - (bit >> 3);
  const word = bytes[at] | (bytes[at - 1] << 8) | (bytes[at - 2] << 16) | (bytes[at - 3] << 24);
  return (word >>> (bit & 7)) & MASK;
}

/** Whether one widened number is less than another. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  let at = 12;
  while (at < 267 && a[at] === b[at]) at++;
  return a[at] < b[at];
}

class Verification implements Work {
  private readonly left = new Uint32Array(2 * LIMBS);
  private readonly right = new Uint32Array(2 * (24 + LIMBS + 24));
  private timer: number;
  private stage = LOAD_MODULUS;
  /** Turns done of a multiplication, and what their last column carried over. */
  private part = PARTS;
  private carry = 0;
  /** The factor k. */
  private factor = 0;

  /** All byte strings; the modulus is known to be good. */
  constructor(
    private readonly modulus: string,
    private readonly signature: string,
    private readonly digest: string,
    private readonly done: (ok: boolean) => void,
  ) {
    this.timer = setTimeout(turn, 0, this);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
  }

  turn(): void {
    this.timer = 0;
    if (this.part < PARTS) {
      this.multiply();
    } else {
      const stage = this.stage++;
      if (stage === COMPARE) {
        this.done(this.isExpected());
        return;
      }
      if (stage === LOAD_MODULUS) {
        if (!this.isInRange()) {
          this.done(false);
          return;
        }
        this.loadModulus();
      } else if (stage <= LAST_SHIFT) this.shift();
      else this.startMultiplication(stage);
    }
    this.timer = setTimeout(turn, 0, this);
  }

  /** Whether the signature is a number below the modulus, and the digest as long as one. */
  private isInRange(): boolean {
    return (
      this.signature.length === KEY_BYTES &&
      this.digest.length === 32 &&
      isBelow(widen(this.signature), widen(this.modulus))
    );
  }

  /** Finds k, puts k * n + 1 where it belongs and 2^2046 into the first factor. */
  private loadModulus(): void {
    const modulus = widen(this.modulus);
    const low = limb(modulus, 0);
    // Each turn of Newton's iteration doubles the bits that are right: 3, 6, 12, 24.
    let inverse = low;
    for (let i = 0; i < 3; i++) inverse = (inverse * ((2 - low * inverse) & MASK)) & MASK;
    this.factor = BASE - inverse;
    const right = this.right;
    let carry = 1;
    for (let i = 0; i < LIMBS; i++) {
      carry += limb(modulus, i) * this.factor;
      const value = carry & MASK;
      right[LOWEST + 1 - 2 * i] = value;
      carry = (carry - value) / BASE;
    }
    this.left[2 * 93] = 1;
  }

  /**
   * Shifts the first factor by a limb and takes off a multiple of k * n, so that it stays below
   * 3 * k * n. With k * n = m * 2^22 - 1: x * 2^22 - q * k * n = (x - q * m) * 2^22 + q.
   */
  private shift(): void {
    const left = this.left;
    const right = this.right;
    // Limbs 92 to 94; above them are none. The quotient is not too great, as what lies below is left
    // out of the dividend and rounded up in the divisor.
    const dividend = (left[188] * BASE + left[186]) * BASE + left[184];
    const divisor = (right[51] * BASE + right[53]) * BASE + right[55] + 1;
    let carry = Math.floor((dividend * BASE) / divisor);
    const quotient = carry;
    let below = 0;
    for (let i = 0; i < LIMBS; i++) {
      carry += below - quotient * right[LOWEST + 1 - 2 * i];
      below = left[2 * i];
      const value = carry & MASK;
      left[2 * i] = value;
      carry = (carry - value) / BASE;
    }
  }

  private startMultiplication(stage: number): void {
    const left = this.left;
    if (stage === FIRST_SQUARING) {
      for (let i = 0; i < 2 * LIMBS; i += 2) this.right[LOWEST - i] = left[i];
    } else if (stage === INTO_MONTGOMERY || stage === OUT_OF_MONTGOMERY) {
      const signature = widen(this.signature);
      const factor = stage === OUT_OF_MONTGOMERY ? this.factor : 1;
      let carry = 0;
      for (let i = 0; i < LIMBS; i++) {
        carry += limb(signature, i) * factor;
        const value = carry & MASK;
        left[2 * i] = value;
        carry = (carry - value) / BASE;
      }
    }
    this.part = 0;
    this.carry = 0;
  }

  /**
   * An eighth of the product's columns, with those limbs only that meet others in them. The result
   * goes into both factors, ready to be squared, where the limbs it replaces are not needed any
   * more.
   */
  private multiply(): void {
    const half = this.part & 3;
    const convolve = E.convolve;
    let carry = this.carry;
    if (this.part++ < 4) {
      const left = this.left.subarray(0, 48 + 48 * half);
      const right = this.right.subarray(192 - 48 * half);
      const quotient = 48 * half + 47;
      for (let offset = 46; offset >= 0; offset -= 2) {
        carry += convolve(left, right, offset);
        const value = carry & MASK;
        left[quotient - offset] = value;
        carry = (carry - value) / BASE;
      }
    } else {
      const left = this.left.subarray(48 * half);
      const right = this.right;
      const result = 192 - 48 * half;
      for (let offset = 46; offset >= 0; offset -= 2) {
        carry += convolve(left, right, offset);
        const value = carry & MASK;
        left[46 - offset] = value;
        right[result + offset] = value;
        carry = (carry - value) / BASE;
      }
    }
    this.carry = carry;
  }

  /** Whether the last product is k times the padded digest. */
  private isExpected(): boolean {
    const padding = "\xff".repeat(KEY_BYTES - 3 - DIGEST_INFO.length - this.digest.length);
    const block = widen("\0\x01" + padding + "\0" + DIGEST_INFO + this.digest);
    let carry = 0;
    let differences = 0;
    for (let i = 0; i < LIMBS; i++) {
      carry += limb(block, i) * this.factor;
      const value = carry & MASK;
      differences |= value ^ this.left[2 * i];
      carry = (carry - value) / BASE;
    }
    return differences === 0;
  }
}

/** The timers' function: one for all, as a closure would hold what it works for. */
function turn(verification: Verification): void {
  verification.turn();
}

/**
 * The modulus of an RSA-2048 key, 256 bytes, from base64.
 * @throws Error when it is anything else
 */
export function decodeModulus(base64: string): string {
  const bytes = atob(base64);
  if (bytes.length !== KEY_BYTES || bytes.charCodeAt(0) < 128 || !(bytes.charCodeAt(255) & 1)) {
    throw new Error("key: expected the modulus of an RSA-2048 key as 344 characters of base64");
  }
  return bytes;
}

/**
 * Checks a signature; reports once, from a timer, unless stopped before.
 * @param modulus the public key's, in base64
 * @param signature 256 bytes; of any other length it is a bad one
 * @param digest the signed text's SHA-256, 32 bytes
 * @throws Error when the modulus is not one of RSA-2048
 */
export function verifyRsa(
  modulus: string,
  signature: string,
  digest: string,
  done: (ok: boolean) => void,
): Work {
  return new Verification(decodeModulus(modulus), signature, digest, done);
}
