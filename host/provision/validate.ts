/**
 * Checks settings before they go to a board: by the schema, and by the firmware's own checks.
 * @module
 */
import { Ajv, type ErrorObject } from "ajv";
import { type AliConfig, checkConfig } from "../../src/ali/config.ts";
import { checkSettings } from "../../src/link/cellular/options.ts";
import { fieldNames, type Path, pathText, schema, schemaAt } from "./schema.ts";

/** What is wrong with a field; never quotes a value. */
export interface SettingsFault {
  /** E.g. `wifi[0].ssid`; empty: all of it. */
  field: string;
  /** E.g. `has to be 1 to 32 letters …`. */
  text: string;
}

/** Settings that a device can't work with. */
export class SettingsError extends Error {
  readonly exitCode = 1;

  constructor(
    readonly source: string,
    readonly faults: SettingsFault[],
  ) {
    super(faults.map(({ field, text }) => `${source}: ${field && `${field} `}${text}`).join("\n"));
    this.name = "SettingsError";
  }
}

/** Bytes that the board's area takes. */
const LONGEST = 3584;
const SSID_BYTES = 32;

const ajv = new Ajv({ allErrors: true, verbose: true });
ajv.addVocabulary(["patternErrorMessage"]);
const check = ajv.compile(schema);

/**
 * All faults; none: a device can work with them.
 * @param link how the board reaches its network, where it is known which board it is
 */
export function findFaults(settings: unknown, link?: "wifi" | "host" | "modem"): SettingsFault[] {
  if (!check(settings)) {
    const faults = (check.errors ?? []).map(fault);
    return faults.filter(
      ({ field, text }, index) =>
        faults.findIndex((other) => other.field === field && other.text === text) === index,
    );
  }
  const given = settings as AliConfig & { wifi?: { ssid: string }[]; cellular?: object };
  const faults: SettingsFault[] = [];
  for (const test of [() => checkConfig(given), () => checkSettings(given.cellular)]) {
    try {
      test();
    } catch (error) {
      faults.push({ field: "", text: (error as Error).message.replace(/^AliIot: /, "") });
    }
  }
  for (const [index, { ssid }] of (given.wifi ?? []).entries()) {
    if (Buffer.byteLength(ssid) > SSID_BYTES) {
      faults.push({ field: `wifi[${index}].ssid`, text: "is longer than 32 bytes in UTF-8" });
    }
  }
  if (link === "wifi" && !given.wifi) {
    faults.push({ field: "wifi", text: "is missing: this board needs at least one network" });
  }
  const size = Buffer.byteLength(JSON.stringify(settings));
  if (size > LONGEST) {
    faults.push({ field: "", text: `takes ${size} bytes: the board keeps ${LONGEST}` });
  }
  return faults;
}

function fault({ keyword, params, instancePath, message = "" }: ErrorObject): SettingsFault {
  const path: Path = instancePath
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const at = schemaAt(path);
  switch (keyword) {
    case "required":
      return { field: pathText([...path, params.missingProperty]), text: "is missing" };
    case "additionalProperties": {
      const field = pathText([...path, params.additionalProperty]);
      return { field, text: `is not known${suggestion(field)}` };
    }
    case "type":
      return {
        field: pathText(path),
        text: `has to be ${TYPES[params.type as keyof typeof TYPES]}`,
      };
    case "enum":
      return { field: pathText(path), text: `has to be one of ${params.allowedValues.join(", ")}` };
    case "minimum":
    case "maximum": {
      const { minimum, maximum } = at as { minimum?: number; maximum?: number };
      return { field: pathText(path), text: `has to be from ${minimum} to ${maximum}` };
    }
    case "pattern":
      return { field: pathText(path), text: at?.patternErrorMessage ?? message };
    default:
      return {
        field: pathText(path),
        text: message.replace(/^must /, "has to ").replace("NOT ", "not "),
      };
  }
}

const TYPES = {
  object: "an object",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
};

/** The field that was probably meant. */
function suggestion(field: string): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
  const wanted = plain(field);
  const near = fieldNames()
    .map((name) => ({ name, distance: distance(plain(name), wanted) }))
    .sort((one, other) => one.distance - other.distance)[0];
  return near && near.distance <= 2 ? `: is ${near.name} meant?` : "";
}

/** Letters to insert, delete or replace (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, wanted] of [...other].entries()) {
      const replaced = (row[j] as number) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
