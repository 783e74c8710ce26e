/**
 * Time for deadlines on a machine whose clock may be set at any moment and whose interpreter may be
 * blocked for a while by a look-up or a connect.
 * @module
 */

/** A longer step, s, is a clock that was set or a blocked interpreter, and is not counted. */
const LONGEST_STEP = 5;

/** Counts seconds while it is asked more often than every `LONGEST_STEP` seconds. */
export class Clock {
  private time = 0;
  private lastSeen = getTime();

  /** Seconds counted so far. */
  now(): number {
    const seen = getTime();
    const step = seen - this.lastSeen;
    this.lastSeen = seen;
    if (step > 0 && step < LONGEST_STEP) this.time += step;
    return this.time;
  }
}
