/**
 * The board's clock: at 1970 from each power-on until it is set.
 * @module
 */
/** A clock that shows more than this, ms, has been set: 2024. */
const KNOWN_TIME = 1704067200000;

/** Seconds by which the clock was moved since the start. */
let moved = 0;

/** Seconds, counted on while the clock is set: for deadlines. */
export function uptime(): number {
  return getTime() - moved;
}

/** Whole milliseconds since 1970; undefined while the clock is not set. */
export function timeOfDay(): number | undefined {
  const now = Math.floor(Date.now());
  return now > KNOWN_TIME ? now : undefined;
}

/**
 * Sets the clock to `ms` since 1970, and moves no timer; false for a time before 2024. Not to be
 * called on Linux, where the clock is the host's: there `setTime` only loses timers.
 */
export function setClock(ms: number): boolean {
  if (!(ms > KNOWN_TIME)) return false;
  moved += ms / 1000 - getTime();
  setTime(ms / 1000);
  return true;
}
