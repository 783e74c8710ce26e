/**
 * MD5 of what is too long for one turn: between its blocks the rest of the firmware goes on.
 * @module
 */
import { toHex } from "../text/hex.ts";
import { Md5 } from "./md5.ts";
import type { Work } from "./rsa.ts";

/** Bytes of one turn: one block of MD5, an estimated 50 ms on an ESP32. */
const MD5_TURN = 64;

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
