/**
 * Digests and signatures of an image in flash. What takes long runs in turns, between which the
 * rest of the firmware goes on.
 * @module
 */
import { decodeModulus, verifyRsa, type Work } from "../digest/rsa.ts";
import { toHex } from "../text/hex.ts";
import { HEADER_BYTES, SIGNED_BYTES } from "./image.ts";

/**
 * SHA-256 as lower-case hexadecimal. Of a view of flash it takes the bytes in place, at about a
 * millisecond a KB on an ESP32, in one turn.
 */
export function sha256Hex(view: string): string {
  return toHex(require("crypto").SHA256(view));
}

class SignatureCheck implements Work {
  private work: Work | undefined;
  private readonly digest: string;
  private readonly signature: string;
  private index = 0;

  constructor(
    header: string,
    private readonly keys: string[],
    private readonly done: (ok: boolean) => void,
  ) {
    for (const key of keys) decodeModulus(key);
    const signed = header.substr(0, SIGNED_BYTES);
    this.digest = E.toString(require("crypto").SHA256(signed)) as string;
    this.signature = header.substr(SIGNED_BYTES, HEADER_BYTES - SIGNED_BYTES);
    this.next();
  }

  stop(): void {
    if (this.work) this.work.stop();
    this.work = undefined;
  }

  private next(): void {
    this.work = verifyRsa(this.keys[this.index++], this.signature, this.digest, (ok) => {
      this.work = undefined;
      if (ok || this.index === this.keys.length) this.done(ok);
      else this.next();
    });
  }
}

/**
 * Whether one of the keys, tried in turn, signed a header; reported once, from a timer, unless
 * stopped before. Without any key the check can't be made.
 * @param header `HEADER_BYTES` of an image
 * @param keys at least one modulus of an RSA-2048 key in base64
 * @throws Error when one is not of RSA-2048
 */
export function checkSignature(header: string, keys: string[], done: (ok: boolean) => void): Work {
  return new SignatureCheck(header, keys, done);
}
