/**
 * HMAC (RFC 2104) for the three methods of Ali's log-on; the interpreter has the hashes only.
 * @module
 */
import { Md5 } from "./md5.ts";

export type SignMethod = "hmacsha256" | "hmacsha1" | "hmacmd5";

const BLOCK = 64;

function hash(method: SignMethod, bytes: string): string {
  if (method === "hmacmd5") {
    const md5 = new Md5();
    md5.update(bytes);
    return md5.digest();
  }
  const crypto = require("crypto");
  const sum = method === "hmacsha1" ? crypto.SHA1(bytes) : crypto.SHA256(bytes);
  return E.toString(sum) as string;
}

/** `key` (at most 64 bytes long) padded to a block, each byte xored with `mask`. */
function pad(key: string, mask: number): string {
  let padded = "";
  for (let i = 0; i < BLOCK; i++) {
    padded += String.fromCharCode((i < key.length ? key.charCodeAt(i) : 0) ^ mask);
  }
  return padded;
}

/** The HMAC of `text` under `key`, both byte strings, as a byte string. */
export function hmac(method: SignMethod, key: string, text: string): string {
  const short = key.length > BLOCK ? hash(method, key) : key;
  return hash(method, pad(short, 0x5c) + hash(method, pad(short, 0x36) + text));
}
