/**
 * Starts the board anew: the loader runs, all variables are gone.
 * @module
 */
import { device } from "#board";

/** Ends the present program, on some boards only once the present callback has returned. */
export function restart(): void {
  if (device.reboots) E.reboot();
  else load();
}
