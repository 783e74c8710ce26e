/**
 * The states of the modem's lifecycle.
 * @module
 */

export const OFF = 0;
/** From the power key to the first answer. */
export const BOOT = 1;
export const INIT = 2;
export const SIM = 3;
export const REGISTER = 4;
/** The packet data context. */
export const PDP = 5;
export const ONLINE = 6;
/** The radio goes off and on, or the modem restarts. */
export const RECOVER = 7;
/** Nothing is tried for a while. */
export const PAUSED = 8;
/** Another part has taken over; the ladder holds still. */
export const UPGRADE = 9;
