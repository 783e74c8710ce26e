/**
 * `device.json` on this computer, and the form in which its content goes to a board.
 * @module
 */
import { readFileSync } from "node:fs";
import { findFaults, SettingsError } from "./validate.ts";

/** A device's settings; see `device.schema.json`. */
export type DeviceSettings = Record<string, unknown>;

/**
 * Reads and checks a file.
 * @param link how the board reaches its network, where it is known which board it is
 * @throws SettingsError that lists what is wrong with it, without a value
 * @throws Error when it can't be read
 */
export function readSettingsFile(file: string, link?: "wifi" | "host" | "modem"): DeviceSettings {
  const settings = parseSettings(readFileSync(file, "utf8"), file);
  const faults = findFaults(settings, link);
  if (faults.length > 0) throw new SettingsError(file, faults);
  return settings;
}

/**
 * The object in a file's text, not checked yet.
 * @throws SettingsError when there is none; does not quote the text, which may hold a secret
 */
export function parseSettings(text: string, source: string): DeviceSettings {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    const line = at === undefined ? "" : ` (line ${text.slice(0, Number(at)).split("\n").length})`;
    throw new SettingsError(source, [{ field: "", text: `is not valid JSON${line}` }]);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new SettingsError(source, [{ field: "", text: "has to hold a JSON object" }]);
  }
  return json as DeviceSettings;
}

/** What a board keeps of them: compact, without what is for editors only. */
export function deviceFileText(settings: DeviceSettings): string {
  const { $schema: _, ...kept } = settings;
  return JSON.stringify(kept);
}
