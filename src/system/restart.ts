/**
 * Starts the board anew: the loader runs, all variables are gone.
 * @module
 */
import { device } from "#board";

/**
 * Ends the present program, on some boards only after the present callback has returned. A `load`
 * that is asked for while a `load` runs the boot files would be lost.
 */
export function restart(): void {
  if (device.reboots) E.reboot();
  else setTimeout(load, 1);
}
