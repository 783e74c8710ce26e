/**
 * RSA-2048 keys and signatures: good ones, and bad ones of the kinds that other verifiers were
 * found to accept.
 * @module
 */
import { checkPrimeSync, createHash, generatePrimeSync } from "node:crypto";

/** A key of our own making; the numbers are those of RFC 8017. */
export interface Key {
  n: bigint;
  d: bigint;
  /** `n` in base64, as a board's file has it. */
  modulus: string;
}

export interface Vector {
  what: string;
  /** Base64. */
  modulus: string;
  /** Byte string. */
  signature: string;
  /** SHA-256 as a byte string. */
  digest: string;
  good: boolean;
}

const E = 65537n;
const TOP = 1n << 2048n;

function toBytes(value: bigint, length = 256): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let factor = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

/** The inverse of `a` modulo `m`. */
function inverse(a: bigint, m: bigint): bigint {
  let [r, s, x, y] = [m, ((a % m) + m) % m, 0n, 1n];
  while (s > 0n) {
    const q = r / s;
    [r, s, x, y] = [s, r - q * s, y, x - q * y];
  }
  return ((x % m) + m) % m;
}

function makeKey(p: bigint, q: bigint): Key {
  const n = p * q;
  const d = inverse(E, (p - 1n) * (q - 1n));
  return { n, d, modulus: toBytes(n).toString("base64") };
}

const prime = () => generatePrimeSync(1024, { bigint: true });

/** A key whose modulus ends in these 22 bits. */
function keyEndingIn(bits: bigint): Key {
  const add = 1n << 22n;
  for (;;) {
    const p = prime();
    const rem = (bits * inverse(p, add)) % add;
    const q = generatePrimeSync(1024, { bigint: true, add, rem });
    if ((p * q) >> 2047n === 1n) return makeKey(p, q);
  }
}

/** The first primes from a number on, upwards or downwards, that fit the exponent. */
function primesFrom(start: bigint, step: bigint): [bigint, bigint] {
  const found: bigint[] = [];
  for (let p = start | 1n; found.length < 2; p += step) {
    if (p % E !== 1n && checkPrimeSync(p)) found.push(p);
  }
  return found as [bigint, bigint];
}

/** Square root of 2^2047, rounded up: primes from here on give the least moduli of 2048 bits. */
function leastFactor(): bigint {
  let root = 1n << 1024n;
  for (;;) {
    const next = (root + (1n << 2047n) / root) >> 1n;
    if (next >= root) return root + 1n;
    root = next;
  }
}

export const randomKey = (): Key =>
  keyEndingIn(BigInt(2 * Math.floor(Math.random() * 2 ** 21) + 1));

/** Keys at the edges of what the arithmetic meets. */
export function edgeKeys(): [string, Key][] {
  return [
    ["modulus that ends in 22 ones", keyEndingIn((1n << 22n) - 1n)],
    ["modulus that ends in 21 zeros and a one", keyEndingIn(1n)],
    ["modulus just above 2^2047", makeKey(...primesFrom(leastFactor(), 2n))],
    ["modulus just below 2^2048", makeKey(...primesFrom((1n << 1024n) - 1n, -2n))],
  ];
}

export const sha256 = (text: string) =>
  createHash("sha256").update(text, "latin1").digest("binary");

const INFO = Buffer.from("3031300d060960864801650304020105000420", "hex").toString("latin1");

/** A padded block of 256 bytes that ends in `tail`. */
function block(tail: string, fill = "\xff", start = "\0\x01"): string {
  return `${start}${fill.repeat(256 - start.length - 1 - tail.length)}\0${tail}`;
}

/** What the private key makes of a block, whatever is in it. */
function raw(key: Key, padded: string): string {
  return toBytes(power(toNumber(Buffer.from(padded, "latin1")), key.d, key.n)).toString("latin1");
}

export function signature(key: Key, text: string): string {
  return raw(key, block(INFO + sha256(text)));
}

export function goodVector(what: string, key: Key, text = "text"): Vector {
  const { modulus } = key;
  return { what, modulus, signature: signature(key, text), digest: sha256(text), good: true };
}

/** A text whose signature begins with a zero byte. */
function signedWithZero(key: Key): Vector {
  for (let i = 0; ; i++) {
    const vector = goodVector("signature that begins with a zero", key, `text ${i}`);
    if (vector.signature.startsWith("\0")) return vector;
  }
}

/** Bad signatures of "text" that have to be refused, each with what is wrong. */
export function badVectors(key: Key, other: Key): Vector[] {
  const digest = sha256("text");
  const good = signature(key, "text");
  const value = toNumber(Buffer.from(good, "latin1"));
  const hex = (text: string) => Buffer.from(text, "hex").toString("latin1");
  const sha512 = createHash("sha512").update("text").digest("binary");
  const blocks: [string, string][] = [
    ["padding of type 2", block(INFO + digest, "\xff", "\0\x02")],
    ["padding of type 0", block(INFO + digest, "\0", "\0\0")],
    ["first byte not zero", block(INFO + digest, "\xff", "\x01\x01")],
    ["padding of zeros", block(INFO + digest, "\0")],
    ["one padding byte is FE", block(INFO + digest).replace("\xff\xff", "\xff\xfe")],
    ["the last padding byte is FE", block(INFO + digest).replace("\xff\0", "\xfe\0")],
    ["separator is not zero", block(INFO + digest).replace("\xff\0", "\xff\x01")],
    [
      "short padding, garbage after the digest",
      `\0\x01${"\xff".repeat(8)}\0${INFO}${digest}`.padEnd(256, "x"),
    ],
    [
      "short padding, zeros after the digest",
      `\0\x01${"\xff".repeat(8)}\0${INFO}${digest}`.padEnd(256, "\0"),
    ],
    ["no padding", `\0\x01\0${INFO}${digest}`.padEnd(256, "\0")],
    ["no NULL in the algorithm", block(hex("302f300b0609608648016503040201" + "0420") + digest)],
    ["lengths in the long form", block(hex("308131300d060960864801650304020105000420") + digest)],
    ["parameters other than NULL", block(hex("3031300d060960864801650304020104000420") + digest)],
    [
      "garbage in the parameters",
      block(hex("3035301106096086480165030402010504deadbeef0420") + digest),
    ],
    ["identifier of SHA-1", block(hex("3021300906052b0e03021a05000414") + digest)],
    ["identifier of SHA-512", block(hex("3031300d060960864801650304020305000420") + digest)],
    ["SHA-512 of the text", block(hex("3051300d060960864801650304020305000440") + sha512)],
    ["digest cut by a byte", block(INFO + digest.slice(0, 31))],
    ["digest with a byte more", block(`${INFO + digest}\0`)],
    ["no identifier", block(digest)],
    ["digest of another text", block(INFO + sha256("other"))],
    [
      "one bit of the digest",
      block(INFO + digest.slice(0, 31) + String.fromCharCode(digest.charCodeAt(31) ^ 1)),
    ],
    ["nothing but zeros", "\0".repeat(256)],
  ];
  const texts: [string, string][] = [
    ...blocks.map(([what, padded]): [string, string] => [what, raw(key, padded)]),
    ["signature of another key", signature(other, "text")],
    ["signature plus the modulus", toBytes((value + key.n) % TOP).toString("latin1")],
    ["signature taken from the modulus", toBytes(key.n - value).toString("latin1")],
    ["bytes in reverse", [...good].reverse().join("")],
    ["0", toBytes(0n).toString("latin1")],
    ["1", toBytes(1n).toString("latin1")],
    ["modulus - 1", toBytes(key.n - 1n).toString("latin1")],
    ["modulus", toBytes(key.n).toString("latin1")],
    ["modulus + 1", toBytes(key.n + 1n).toString("latin1")],
    ["all ones", "\xff".repeat(256)],
    ["empty", ""],
    ["cut by a byte", good.slice(0, 255)],
    ["a byte too long", `${good}\0`],
    ["a zero before it", `\0${good}`],
    ["the padded block itself", block(INFO + digest)],
  ];
  const vectors = texts.map(([what, text]): Vector => {
    return { what, modulus: key.modulus, signature: text, digest, good: false };
  });
  const withZero = signedWithZero(key);
  vectors.push(withZero);
  const cut = withZero.signature.slice(1);
  vectors.push({ ...withZero, what: "the zero left out", signature: cut, good: false });
  vectors.push({ ...goodVector("digest cut", key), digest: digest.slice(0, 31), good: false });
  vectors.push({ ...goodVector("digest longer", key), digest: `${digest}\0`, good: false });
  vectors.push({ ...goodVector("no digest", key), digest: "", good: false });
  return vectors;
}
