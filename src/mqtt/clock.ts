/**
 * Time for deadlines on a machine whose clock may be set at any moment and whose interpreter may be
 * blocked for a while by a look-up or a connect.
 * @module
 */

/** A step that is longer, s, than the time until the next look by so much is not counted. */
const LATE = 5;

/** Counts seconds while it is asked at the times that `expect` was told. */
export class Clock {
  /** At the last look. */
  last = 0;
  private lastSeen = getTime();
  private longest = LATE;

  /** Seconds counted so far. */
  now(): number {
    const seen = getTime();
    const step = seen - this.lastSeen;
    this.lastSeen = seen;
    if (step > 0 && step < this.longest) this.last += step;
    return this.last;
  }

  /** The next look comes in so many seconds: a longer step is a clock that was set. */
  expect(seconds: number): void {
    this.longest = seconds + LATE;
  }

  /** As `now`, called by a timer, which knows better when the clock was set: at least `due`. */
  reach(due: number): number {
    this.last = Math.max(this.now(), due);
    return this.last;
  }
}
