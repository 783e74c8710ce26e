/**
 * How hard to try: each failure that comes again is answered by a stronger means, up to restarts of
 * the modem, which are rationed. No clock, no I/O.
 * @module
 */

/** Context down and up again. */
export const CONTEXT = 2;
/** Radio off and on. */
export const RADIO = 3;
/** Restart of the modem. */
export const RESTART = 4;
/** No more for now. */
export const PAUSE = 5;

/** How often a level is tried in a row. */
const TRIES = [0, 0, 3, 1];
const RESTARTS = 3;
/** Seconds after restarts that did not help. */
const PAUSES = [600, 1800, 3600];
/** Restarts and radio cycles a day: each wears the modem's flash. */
const MOST_CYCLES = 30;
const DAY = 86400;

export class Ladder {
  /** Seconds to wait when `next` said `PAUSE`. */
  pause = 0;
  private level = 0;
  private tries = 0;
  private restarts = 0;
  private pauses = 0;
  private cycles = 0;
  private dayEnd = 0;

  /** The level to try, `wanted` or one above: `CONTEXT`, `RADIO`, `RESTART` or `PAUSE`. */
  next(wanted: number, now: number): number {
    let level = Math.max(wanted, this.level);
    if (level === this.level && level < RESTART && this.tries >= TRIES[level]) level++;
    if (level !== this.level) this.tries = 0;
    this.level = level;
    this.tries++;
    if (level === RESTART && this.restarts >= RESTARTS && this.pauses <= this.restarts - RESTARTS) {
      this.pause = PAUSES[Math.min(this.pauses++, PAUSES.length - 1)];
      return PAUSE;
    }
    if (level > CONTEXT) {
      if (now >= this.dayEnd) {
        this.dayEnd = now + DAY;
        this.cycles = 0;
      }
      if (this.cycles >= MOST_CYCLES) {
        this.pause = Math.min(this.dayEnd - now, PAUSES[0]);
        // What is not rationed may help then.
        this.level = this.tries = 0;
        return PAUSE;
      }
      this.cycles++;
      if (level === RESTART) this.restarts++;
    }
    return level;
  }

  /** A restart was in vain. */
  get isHard(): boolean {
    return this.restarts > 1;
  }

  /** All is well again. */
  reset(): void {
    this.level = this.tries = this.restarts = this.pauses = 0;
  }
}
