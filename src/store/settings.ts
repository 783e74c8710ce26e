/**
 * The device's settings: `device.json` in Storage, written once when the device is set up and only
 * read by the firmware.
 * @module
 */
import type { AliConfig } from "../ali/config.ts";
import type { LogLevel } from "../debug/log.ts";
import type { LinkSettings } from "../link/link.ts";
import { parseJson } from "../text/json.ts";

const FILE = "device.json";

/** What `device.json` holds: the members of `AliConfig`, the link's settings, and these. */
export interface Settings extends AliConfig, LinkSettings {
  /** Least level that is logged; default `info`. */
  log?: LogLevel;
  /** Keep the interpreter's Telnet console (no password); default false. */
  telnet?: boolean;
}

/** Reads the settings; throws an Error that says what is wrong and never quotes the content. */
export function readSettings(): Settings {
  const text = require("Storage").read(FILE);
  if (text === undefined) throw new Error("no " + FILE + " in Storage: the device is not set up");
  let settings: any;
  try {
    settings = parseJson(text);
  } catch (_error) {
    throw new Error(FILE + " is not valid JSON");
  }
  if (!settings || typeof settings !== "object") {
    throw new Error(FILE + " must hold a JSON object");
  }
  return settings;
}
