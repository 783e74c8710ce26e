/**
 * The device's settings: `device.json` in Storage, written when the device is set up and only read
 * by the firmware, with a copy in the area beside the journal.
 * @module
 */
import type { AliConfig } from "../ali/config.ts";
import type { LogLevel } from "../debug/log.ts";
import { logWarn } from "../debug/log.ts";
import type { LinkSettings } from "../link/link.ts";
import { parseJson } from "../text/json.ts";
import { openArea } from "./containers.ts";
import { Journal } from "./journal.ts";

const FILE = "device.json";
const KIND = "settings";
/** Where in the area they are kept. */
const SETTINGS = 8192;
const LONGEST_FILE = 3584;
/** With what the journal puts around it. */
const LONGEST = LONGEST_FILE + 40;

/** What `device.json` holds: the members of `AliConfig`, the link's settings, and these. */
export interface Settings extends AliConfig, LinkSettings {
  /** Least level that is logged; default `info`. */
  log?: LogLevel;
  /** Keep the interpreter's Telnet console (no password); default false. */
  telnet?: boolean;
}

/**
 * Reads the settings: the file where there is one, which then is kept in the area too; else what
 * the area has kept. Throws an Error that says what is wrong and never quotes the content.
 */
export function readSettings(): Settings {
  const file = require("Storage").read(FILE);
  let journal: Journal | undefined;
  try {
    journal = new Journal(openArea() + SETTINGS, LONGEST);
  } catch (_error) {
    // A board without the area has the file only.
  }
  const text = file === undefined && journal ? journal.getText(KIND) : file;
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
  if (journal && file !== undefined) keep(journal, file);
  return settings;
}

/** So that they outlive Storage, which the interpreter erases when it finds it broken. */
function keep(journal: Journal, file: string): void {
  if (journal.getText(KIND) === file) return;
  if (file.length > LONGEST_FILE) {
    logWarn("store", FILE + " has over " + LONGEST_FILE + " bytes: no copy of it is kept");
  } else if (!journal.putText(KIND, file)) {
    logWarn("store", "no copy of " + FILE + " could be kept");
  }
}
