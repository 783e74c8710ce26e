/**
 * Ids of the platform's messages.
 * @module
 */

export class MessageIds {
  /** From the clock, so that a restart does not repeat ids unless 100 a second were used. */
  #alink = Math.floor(Date.now() / 10) % 2 ** 32;
  #sequence = 0n;

  /** Id of an Alink request: a number up to 4294967295 as text, not repeated within a day. */
  alink(): string {
    this.#alink = (this.#alink + 1) % 2 ** 32;
    return String(this.#alink);
  }

  /** Id of a message or RRPC: 19 digits, beyond what a floating-point number holds exactly. */
  message(): string {
    return String(BigInt(Date.now()) * 1_000_000n + (this.#sequence++ % 1_000_000n));
  }
}
