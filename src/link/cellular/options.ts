/**
 * How a board is wired to its modem, and what the device's settings may say about it.
 * @module
 */
import type { CellularSettings } from "../link.ts";

/** The wiring, from the board file. Levels are those of the board's pins. */
export interface CellularOptions {
  /** Name of the serial port, e.g. `"Serial2"`. */
  serial: string;
  /** Pins of the port; on Linux `path` instead, which the setting `cellular.port` overrides. */
  rx?: string;
  tx?: string;
  path?: string;
  /** Where the modem prints what it reports by itself: `"uart1"`, or `"usbat"` over USB. */
  urcPort: string;
  /** Pins, each of which may be missing. A modem without a power key is never switched off. */
  powerKey?: string;
  reset?: string;
  status?: string;
  /** Level that presses power key and reset: 1 with transistors, which invert. Default 1. */
  pressed?: number;
  /** Level of the status pin while the modem is on. Default 1. */
  on?: number;
}

const MOST = 100;

/** A quotation mark or a control character would end the command it stands in. */
function isText(value: any): boolean {
  if (typeof value !== "string" || value.length > MOST) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 32 || code === 34 || code === 127) return false;
  }
  return true;
}

/**
 * Checks the settings of `cellular`.
 * @throws Error that names the setting, never its value
 */
export function checkSettings(given: CellularSettings | undefined): CellularSettings {
  const settings: any = given || {};
  if (typeof settings !== "object") throw new Error('"cellular" must be an object');
  for (const name of ["apn", "user", "password", "port"]) {
    if (settings[name] !== undefined && !isText(settings[name])) {
      throw new Error(
        '"cellular.' +
          name +
          '" must be a text without quotation marks, at most ' +
          MOST +
          " bytes",
      );
    }
  }
  if ((settings.user || settings.password) && !settings.apn) {
    throw new Error('"cellular.user" and "cellular.password" need "cellular.apn"');
  }
  const pin = settings.pin;
  if (
    pin !== undefined &&
    !(typeof pin === "string" && /^\d\d\d\d\d*$/.test(pin) && pin.length < 9)
  ) {
    throw new Error('"cellular.pin" must be a text of 4 to 8 digits');
  }
  if (settings.roaming !== undefined && typeof settings.roaming !== "boolean") {
    throw new Error('"cellular.roaming" must be true or false');
  }
  const tls = settings.tls;
  if (tls !== undefined && tls !== "unverified" && tls !== "interpreter") {
    throw new Error('"cellular.tls" must be "unverified" or "interpreter", or missing');
  }
  return settings;
}
