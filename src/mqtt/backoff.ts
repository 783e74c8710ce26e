/**
 * How long to wait before the next attempt to connect.
 * @module
 */
import { isPermanent } from "./error.ts";

/** Milliseconds: first wait, and the most that doubling leads to. */
export interface BackoffLimits {
  first: number;
  max: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { first: 1000, max: 60000 };

/** Seconds that a connection has to last for the waits to start anew. */
export const STABLE_TIME = 60;

/** Share by which a wait is lengthened or shortened at random, so that devices don't come in step. */
const JITTER = 0.3;

/** Milliseconds after a refusal that only a change of the configuration can cure. */
const REFUSAL_WAIT = 300000;

/** Exponential back-off with jitter. */
export class Backoff {
  private wait: number;

  constructor(private readonly limits: BackoffLimits) {
    this.wait = limits.first;
  }

  /** Milliseconds to wait after an attempt that ended with this error; `random` is from 0 to 1. */
  afterFailure(code: number, random: number): number {
    const wait = this.wait;
    this.wait = Math.min(wait * 2, this.limits.max);
    // Never sooner than five minutes, so only lengthened.
    if (isPermanent(code)) return Math.round(REFUSAL_WAIT * (1 + JITTER * random));
    return Math.round(wait * (1 + JITTER * (2 * random - 1)));
  }

  /** After a stable connection. */
  reset(): void {
    this.wait = this.limits.first;
  }
}
