/**
 * How many devices are told within a minute.
 * @module
 */

const MINUTE_MS = 60_000;

export class PushRate {
  /** Times of a job's pushes within the last minute. */
  readonly #sent = new Map<string, number[]>();

  /** Counts a push of a job; or else the time from which on another one may go. */
  admit(jobId: string, perMinute: number, now: number): true | number {
    const recent = (this.#sent.get(jobId) ?? []).filter((time) => time > now - MINUTE_MS);
    this.#sent.set(jobId, recent);
    if (recent.length >= perMinute) return (recent[0] ?? now) + MINUTE_MS;
    recent.push(now);
    return true;
  }
}
