/**
 * The device's settings, in the area beside the journal. They get there by `npm run provision`, or by
 * the Storage file `device.json`, which is taken over at the next start.
 * @module
 */
import type { AliConfig } from "../ali/config.ts";
import type { LogLevel } from "../debug/log.ts";
import { logWarn } from "../debug/log.ts";
import type { LinkSettings } from "../link/link.ts";
import { parseJson } from "../text/json.ts";
import { openAt } from "./boot-journal.ts";
import type { Journal } from "./journal.ts";

const FILE = "device.json";
const KIND = "settings";
/** The remote configuration, in the room that the settings leave. */
const CONFIG = "config";
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
  /** The application's own. */
  app?: { [name: string]: any };
}

/**
 * Reads the settings: those of the file where there is one, which then goes into the area and is
 * deleted, so that nobody reads it from Storage; else what the area has kept; undefined: there are
 * none. Throws an Error that says what is wrong and never quotes the content. @brief
 */
export function readSettings(): Settings | undefined {
  const file = require("Storage").read(FILE);
  let journal: Journal | undefined;
  try {
    journal = openKept();
  } catch (_error) {
    // A board without the area has the file only.
  }
  const kept = journal ? journal.getText(KIND) : undefined;
  if (file !== undefined) {
    try {
      const settings = parse(file);
      if (journal && keep(journal, file)) deleteFile();
      return settings;
    } catch (error) {
      if (kept === undefined) throw error;
      // Such as the power leaves it while it is written.
      logWarn("store", (error as Error).message + ": deleted, the settings before it count");
      deleteFile();
    }
  }
  return kept === undefined ? undefined : parse(kept);
}

/**
 * Writes settings, JSON in UTF-8, into the area; the file goes. Not used by the firmware itself.
 * @throws Error when the text is no settings, or the flash does not take it: then the old ones stay
 */
export function writeSettings(text: string): void {
  parse(text);
  if (!keep(openKept(), text)) throw new Error("the flash does not take the settings");
  deleteFile();
}

/** The flash may fail at it: no reason not to start. */
function deleteFile(): void {
  try {
    require("Storage").erase(FILE);
  } catch (_error) {
    logWarn("store", FILE + " could not be deleted");
  }
}

/** The text that `keepConfig` kept last; undefined: none. */
export function keptConfig(): string | undefined {
  try {
    return openKept().getText(CONFIG);
  } catch (_error) {
    return undefined;
  }
}

/**
 * Keeps a text, JSON in UTF-8, over restarts: a power cut leaves it or the one before. False: it has
 * more bytes than the settings leave of some 3,700, or the flash does not take it; the one before
 * stays.
 */
export function keepConfig(text: string): boolean {
  try {
    return openKept().putText(CONFIG, text);
  } catch (_error) {
    return false;
  }
}

/**
 * Keeps a short record beside the settings, for good: as `Journal.put`. The configuration gives way.
 * @throws Error when the board was flashed without the area for it, or the record is too long
 */
export function putKept(kind: string, record: object): boolean {
  const journal = openKept();
  return journal.put(kind, record) || (journal.put(CONFIG, undefined) && journal.put(kind, record));
}

/**
 * The journal of the settings; what else the device has to keep for good may go there, in short, by
 * `putKept`.
 * @throws Error when the board was flashed without the area for it
 */
export function openKept(): Journal {
  return openAt(SETTINGS, LONGEST);
}

function parse(text: string): Settings {
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

/** Whether the area has them then. There they outlive Storage, which the interpreter may erase. */
function keep(journal: Journal, text: string): boolean {
  if (journal.getText(KIND) === text) return true;
  if (text.length <= LONGEST_FILE) {
    if (journal.putText(KIND, text)) return true;
    // They come first: the platform has the configuration still.
    journal.put(CONFIG, undefined);
    if (journal.putText(KIND, text)) return true;
  }
  logWarn("store", FILE + " could not be kept in the area");
  return false;
}
