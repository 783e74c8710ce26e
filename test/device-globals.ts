/**
 * The few native verbs of the interpreter that device code uses, for units that run in Node.
 * Import it before the device module under test.
 * @module
 */
import { createHash } from "node:crypto";
import { crc32 } from "../host/image/crc32.ts";

type Part = string | number | ArrayBuffer | ArrayLike<number | string>;

function toBytes(part: Part): Uint8Array {
  if (typeof part === "string") return Buffer.from(part, "latin1");
  if (typeof part === "number") return Uint8Array.of(part);
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  return Buffer.concat(Array.from(part, toBytes));
}

const concat = (parts: Part[]) => new Uint8Array(Buffer.concat(parts.map(toBytes)));

function hash(name: string): (bytes: Part) => ArrayBuffer {
  return (bytes) => new Uint8Array(createHash(name).update(toBytes(bytes)).digest()).buffer;
}

Object.assign(globalThis, {
  E: {
    toString: (...parts: Part[]) => Buffer.from(concat(parts)).toString("latin1"),
    toUint8Array: (...parts: Part[]) => concat(parts),
    isUTF8: () => false,
    CRC32: (bytes: Part) => crc32(toBytes(bytes)),
    sum: (numbers: ArrayLike<number>) => Array.from(numbers).reduce((sum, one) => sum + one, 0),
    convolve: (a: ArrayLike<number>, b: ArrayLike<number>, offset: number) => {
      let at = ((offset % b.length) + b.length) % b.length;
      let sum = 0;
      for (let i = 0; i < a.length; i++) {
        sum += (a[i] as number) * (b[at] as number);
        at = at + 1 === b.length ? 0 : at + 1;
      }
      return sum;
    },
  },
  getTime: () => Date.now() / 1000,
  print: (...values: unknown[]) => console.log(...values),
  require: (name: string) => {
    if (name === "crypto") return { SHA1: hash("sha1"), SHA256: hash("sha256") };
    throw new Error(`Module ${name} not found`);
  },
});
