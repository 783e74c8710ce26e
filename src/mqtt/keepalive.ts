/**
 * When to send PINGREQ, and when a peer that does not answer is dead (MQTT 3.1.1, 3.1.2.10 and 3.12).
 * @module
 */

/** Seconds for a PINGRESP; less where the keepalive is short, so that a dead peer is found in time. */
const PING_TIME = 10;
/** Seconds by which a ping is early, for the way to the broker. */
const PING_MARGIN = 5;

/** Seconds without a PUBACK after which a ping asks whether the peer lives. */
export const PROBE_TIME = 10;

/** Where there are no pings, s. */
const NO_INTERVAL = 3600;

function margin(interval: number): number {
  return Math.min(PING_MARGIN, interval / 4);
}

/** Answers of `Keepalive.judge`. */
export const PING = 1;
export const DEAD = 2;

/** Finds a dead peer within keepalive + 5 s and keepalive * 1.5. Times in seconds. */
export class Keepalive {
  /** When bytes were received last. */
  heardAt = 0;
  /** When bytes were handed to the socket last. */
  saidAt = 0;
  /** When PINGRESP must have come; 0: none awaited. */
  pingBy = 0;
  private pingAt = 0;
  /** What was said before came to the peer: when the last answered ping was due. */
  private provenAt = 0;

  begin(now: number): void {
    this.heardAt = now;
    this.saidAt = now;
    this.pingBy = this.pingAt = this.provenAt = 0;
  }

  /** PINGRESP came. */
  pong(): void {
    this.pingBy = 0;
    this.provenAt = this.pingAt;
  }

  /** Whether the peer has answered a ping that followed what was said then. */
  hasProven(at: number): boolean {
    return this.provenAt > at;
  }

  /** When `judge` has to be called for the interval or a ping, s. */
  pingDue(interval: number, now: number): number {
    if (this.pingBy) return this.pingBy;
    const quietSince = Math.min(this.heardAt, this.saidAt);
    return interval > 0 ? quietSince + interval - margin(interval) : now + NO_INTERVAL;
  }

  /**
   * 0, `PING` (send one; its deadline runs) or `DEAD`.
   * @param interval keepalive, s; 0: no pings at intervals
   * @param doubtAt time since when an answer is overdue, whatever the interval; 0: none is. Anything
   *   heard since then removes the doubt, if it is not `serious`: then only an answered ping does.
   */
  judge(now: number, interval: number, doubtAt: number, serious: boolean): number {
    if (this.pingBy) return now >= this.pingBy ? DEAD : 0;
    // Both directions count: the broker must hear from us, and a peer that only listens may be dead.
    const quiet = now - Math.min(this.heardAt, this.saidAt);
    const isDue = interval > 0 && quiet >= interval - margin(interval);
    const trusted = serious ? this.provenAt : this.heardAt;
    if (!isDue && (!doubtAt || trusted > doubtAt)) return 0;
    this.pingAt = now;
    this.pingBy = now + (interval > 0 ? Math.min(PING_TIME, interval / 2) : PING_TIME);
    return PING;
  }
}
