/**
 * Phases of a session.
 * @module
 */

/** Not connected, or the stream is not open yet. */
export const IDLE = 0;
/** CONNECT is on its way. */
export const CONNECTING = 1;
/** Logged on. */
export const ONLINE = 2;
/** Sends what is left, then DISCONNECT. */
export const CLOSING = 3;
/** DISCONNECT was written. */
export const CLOSED = 4;
