/**
 * Digests and signatures of an image in flash. What takes long runs in turns, between which the
 * rest of the firmware goes on.
 * @module
 */
import { Md5 } from "../digest/md5.ts";
import { decodeModulus, verifyRsa, type Work } from "../digest/rsa.ts";
import { toHex } from "../text/hex.ts";
import { HEADER_BYTES, SIGNED_BYTES } from "./image.ts";

/** Bytes of one turn: one block of MD5, an estimated 50 ms on an ESP32. */
const MD5_TURN = 64;

/**
 * SHA-256 as lower-case hexadecimal. Of a view of flash it takes the bytes in place, at about a
 * millisecond a KB on an ESP32, in one turn.
 */
export function sha256Hex(view: string): string {
  return toHex(require("crypto").SHA256(view));
}

class Md5Work implements Work {
  private readonly md5 = new Md5();
  private timer: number;

  constructor(
    private readonly read: (offset: number, length: number) => string,
    private offset: number,
    private readonly end: number,
    private readonly done: (hex: string) => void,
  ) {
    this.timer = setTimeout(md5Turn, 0, this);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
  }

  turn(): void {
    this.timer = 0;
    const length = this.end - this.offset;
    if (length <= 0) {
      this.done(toHex(this.md5.digest()));
      return;
    }
    const piece = length < MD5_TURN ? length : MD5_TURN;
    this.md5.update(this.read(this.offset, piece));
    this.offset += piece;
    this.timer = setTimeout(md5Turn, 0, this);
  }
}

/** The timers' function: one for all, as a closure would hold what it works for. */
function md5Turn(work: Md5Work): void {
  work.turn();
}

/**
 * MD5 of `length` bytes from `from` on, as lower-case hexadecimal; reported once, from a timer,
 * unless stopped before.
 * @param read gives bytes of an offset and length, as `Slot.read` does
 */
export function md5Of(
  read: (offset: number, length: number) => string,
  from: number,
  length: number,
  done: (hex: string) => void,
): Work {
  return new Md5Work(read, from, from + length, done);
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
