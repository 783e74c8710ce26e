/**
 * After how many seconds the firmware's own timers have run out, and nothing of what was done is left.
 * @module
 */

/** A request waits 30 s for its reply. */
export const REPLY_SECONDS = 32;
/** A PUBACK is missed after 11 s. */
export const PUBACK_SECONDS = 13;
