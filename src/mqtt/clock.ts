/**
 * Time for deadlines on a machine whose clock may be set at any moment and whose interpreter may be
 * blocked for a while by a look-up or a connect.
 * @module
 */

/** By so much, s, a look may come late; what is later is a clock that was set. */
const LATE = 5;

/** Counts seconds while it is asked at the times that `expect` was told. */
export class Clock {
  /** At the last look. */
  last = 0;
  /** When counting began, as if the clock had never been set. */
  private base = getTime();
  /** No look comes later. */
  private limit = LATE;

  /** Seconds counted so far. */
  now(): number {
    const now = getTime() - this.base;
    if (now < this.last || now > this.limit) return this.rebase(now);
    this.last = now;
    return now;
  }

  /** The clock was set: what passed meanwhile is not known, and not counted. @rare */
  private rebase(now: number): number {
    this.base += now - this.last;
    return this.last;
  }

  /** The next look comes in so many seconds at the latest. */
  expect(seconds: number): void {
    this.limit = this.last + seconds + LATE;
  }

  /** As `now`, called by a timer, which knows better when the clock was set: at least `due`. */
  reach(due: number): number {
    const now = Math.max(this.now(), due);
    this.base -= now - this.last;
    this.last = now;
    return now;
  }
}
