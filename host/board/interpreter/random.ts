/**
 * The interpreter's generator of random numbers: multiply-with-carry (Marsaglia) from a fixed seed,
 * so that each boot repeats the last one until `E.srand`.
 * @module
 */

const range = 0x7fffffff;

/** One generator. */
export class RandomNumbers {
  private w = 0xdeadbeef;
  private z = 0xcafebabe;

  /** A number from 0 to 2^31 - 1. */
  next(): number {
    this.z = (36969 * (this.z & 0xffff) + (this.z >>> 16)) >>> 0;
    this.w = (18000 * (this.w & 0xffff) + (this.w >>> 16)) >>> 0;
    return ((this.z << 16) + this.w) & range;
  }

  /** A number from 0 to below 1. */
  fraction(): number {
    return this.next() / (range + 1);
  }

  seed(seed: number): void {
    const bits = seed >>> 0;
    this.w = ((bits & 0xffff) | (bits << 16)) >>> 0;
    this.z = ((bits & 0xffff0000) | (bits >>> 16)) >>> 0;
  }
}
