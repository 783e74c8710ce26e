/**
 * The drift of the board's crystal: measured against the platform's clock over a day or more, kept in
 * the journal over restarts, and made good every hour in between.
 * @module
 */
import { openJournal } from "../store/boot-journal.ts";
import { setClock, uptime } from "../system/clock.ts";

const KIND = "clock";
const HOUR_MS = 3600000;
/** Shortest time between two measurements, and so between two writes, s: a day less what rounds. */
const DAY_S = 86000;
/** More than any crystal drifts, in parts per million: then a clock has jumped. */
const MOST_PPM = 200;
/** A change that is worth a write. */
const LEAST_CHANGE = 2;

/** Parts per million by which the board's clock runs slow; 0: not known. */
let ppm = 0;
/** The same as the journal has it; undefined: not read yet. */
let kept: number | undefined;
/** Where the measurement begins: uptime, s, the platform's time and the round trip, ms. */
let since = 0;
let base = 0;
let baseTrip = 0;

function bounded(value: any, otherwise: number): number {
  return value >= -MOST_PPM && value <= MOST_PPM ? value : otherwise;
}

/** The drift that an earlier start has measured. */
export function readDrift(): void {
  if (kept !== undefined) return;
  kept = 0;
  try {
    ppm = kept = bounded(openJournal().get(KIND).ppm, 0);
  } catch (_error) {
    // None is kept, or there is no area.
  }
}

/** Takes the platform's time and the round trip that it was got with, ms. */
export function measureDrift(now: number, trip: number): void {
  const span = uptime() - since;
  if (base) {
    // Either end is known to half of its round trip: together to 5 ppm.
    if (span < DAY_S || trip + baseTrip > span / 100) return;
    ppm = bounded(Math.round(((now - base) * 1000) / span - 1e6), ppm);
    if (Math.abs(ppm - (kept as number)) >= LEAST_CHANGE) {
      kept = ppm;
      try {
        openJournal().put(KIND, { ppm: ppm });
      } catch (_error) {
        // Measured again after each start, then.
      }
    }
  }
  since += span;
  base = now;
  baseTrip = trip;
}

/** Makes good what an hour's drift is; nothing while the clock is not set. */
export function correctDrift(): void {
  if (ppm) setClock(Date.now() + (HOUR_MS * ppm) / 1e6);
}
