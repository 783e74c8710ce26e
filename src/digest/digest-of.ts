/**
 * The digest of a file in memory, by the method that the platform names.
 * @module
 */
import { toHex } from "../text/hex.ts";
import { md5Of } from "./md5-turns.ts";

/**
 * Gives the digest in lower-case hex: SHA-256 at once for `Sha256` in any spelling, else MD5, in turns
 * of the event loop, which an ESP32 takes an estimated second a KB for.
 */
export function digestOf(text: string, signMethod: any, done: (hex: string) => void): void {
  if (("" + signMethod).toLowerCase() === "sha256") {
    done(toHex(require("crypto").SHA256(text)));
  } else {
    md5Of((offset, length) => text.substr(offset, length), 0, text.length, done);
  }
}
