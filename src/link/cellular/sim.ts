/**
 * The SIM: what its state means, and its PIN, which is tried once. That it is tried is written to
 * flash before, and only a success erases it: a wrong PIN in the settings can't use up the three
 * tries, however often the board starts.
 * @module
 */
import { linkMemory } from "../memory.ts";
import { CME, ERROR, OK } from "./at.ts";

export const READY = 0;
/** Comes by itself. */
export const BUSY = 1;
export const NONE = 2;
export const WANTS_PIN = 3;
/** Only a person can help: PUK, or locked to another device. */
export const LOCKED = 4;
export const FAILED = 5;

const RECORD = "pin";

/** The state by the answer to `AT+CPIN?` (27.007, 8.3). */
export function simState(result: number, lines: string[]): number {
  if (result === OK && lines.length) {
    const text = lines[0];
    if (text.endsWith("READY")) return text.endsWith("NOT READY") ? BUSY : READY;
    if (text.endsWith("SIM PIN")) return text.endsWith("PH-SIM PIN") ? LOCKED : WANTS_PIN;
    return LOCKED;
  }
  // In words, from modules that were told numbers.
  const words = result === ERROR && lines.length ? lines[lines.length - 1] : "";
  if (words.endsWith("not inserted")) return NONE;
  if (words.endsWith("PIN required")) return WANTS_PIN;
  if (words.endsWith("PUK required")) return LOCKED;
  const codes = [10, NONE, 11, WANTS_PIN, 12, LOCKED, 5, LOCKED, 13, FAILED, 15, FAILED];
  for (let i = 0; i < codes.length; i += 2) if (result === CME + codes[i]) return codes[i + 1];
  return BUSY;
}

/** Whether this PIN may be tried now; true is given once, and is remembered. */
export function mayTryPin(pin: string): boolean {
  try {
    const memory = linkMemory();
    const sum = E.CRC32(pin);
    const last = memory.get(RECORD);
    return !(last && last.c === sum) && memory.put(RECORD, { c: sum });
  } catch (_error) {
    // What can't be remembered must not be tried.
    return false;
  }
}

/** The PIN was right. */
export function pinWorked(): void {
  linkMemory().put(RECORD, undefined);
}
