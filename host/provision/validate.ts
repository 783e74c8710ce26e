/**
 * Checks settings before they go to a board: by the schema, and by the firmware's own checks.
 * @module
 */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { type AliConfig, checkConfig } from "../../src/ali/config.ts";
import { checkSettings } from "../../src/link/cellular/options.ts";
import type { CellularSettings } from "../../src/link/link.ts";
import type { SettingsProblem } from "./problems.ts";
import { fieldNames, type Path, pathText, schema, schemaAt } from "./schema.ts";

/** What is wrong with a field; never quotes a value. */
export interface SettingsFault {
  /** E.g. `wifi[0].ssid`; empty: all of it. */
  field: string;
  /** E.g. `has to be 1 to 32 letters …`. */
  text: string;
  /** The same for programs; missing where only the firmware's own check has words for it. */
  problem?: SettingsProblem;
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
const LAST_PORT = 65_535;

let compiled: ValidateFunction | undefined;

/** The schema's check, compiled when it is first needed: few commands need it. */
function schemaCheck(): ValidateFunction {
  if (compiled) return compiled;
  const ajv = new Ajv({ allErrors: true, verbose: true });
  ajv.addVocabulary(["patternErrorMessage"]);
  compiled = ajv.compile(schema);
  return compiled;
}

/**
 * All faults; none: a device can work with them.
 * @param link how the board reaches its network, where it is known which board it is
 */
export function findFaults(settings: unknown, link?: "wifi" | "host" | "modem"): SettingsFault[] {
  const check = schemaCheck();
  if (!check(settings)) {
    const faults = (check.errors ?? []).map(fault);
    return faults.filter(
      ({ field, text }, index) =>
        faults.findIndex((other) => other.field === field && other.text === text) === index,
    );
  }
  const given = settings as unknown as AliConfig & {
    wifi?: { ssid: string }[];
    cellular?: CellularSettings;
  };
  const faults = [
    ...portFaults(given.server),
    ...secretFaults(given),
    ...apnFaults(given.cellular),
  ];
  for (const test of [() => checkConfig(given), () => checkSettings(given.cellular)]) {
    try {
      if (faults.length === 0) test();
    } catch (error) {
      faults.push({ field: "", text: (error as Error).message.replace(/^AliIot: /, "") });
    }
  }
  for (const [index, { ssid }] of (given.wifi ?? []).entries()) {
    if (Buffer.byteLength(ssid) > SSID_BYTES) {
      const problem = { kind: "bytes", most: SSID_BYTES } as const;
      const text = `is longer than ${SSID_BYTES} bytes in UTF-8`;
      faults.push({ field: `wifi[${index}].ssid`, text, problem });
    }
  }
  if (link === "wifi" && !given.wifi) {
    const text = "is missing: this board needs at least one network";
    faults.push({ field: "wifi", text, problem: { kind: "noNetwork" } });
  }
  const size = Buffer.byteLength(JSON.stringify(settings));
  if (size > LONGEST) {
    const problem = { kind: "size", bytes: size, most: LONGEST } as const;
    faults.push({ field: "", text: `takes ${size} bytes: the board keeps ${LONGEST}`, problem });
  }
  return faults;
}

function portFaults(server: string): SettingsFault[] {
  const [, port = "1"] = server.split(":");
  if (Number(port) >= 1 && Number(port) <= LAST_PORT) return [];
  const text = `has a bad port: 1 to ${LAST_PORT} expected`;
  return [{ field: "server", text, problem: { kind: "port", least: 1, most: LAST_PORT } }];
}

function secretFaults({ deviceSecret, productSecret, x509 }: AliConfig): SettingsFault[] {
  if (deviceSecret || productSecret || x509) return [];
  const text = "is missing: without it, productSecret is needed to register, or x509";
  return [{ field: "deviceSecret", text, problem: { kind: "noSecret" } }];
}

function apnFaults({ user, password, apn }: CellularSettings = {}): SettingsFault[] {
  if ((!user && !password) || apn) return [];
  const text = "is missing: user and password are its own";
  return [{ field: "cellular.apn", text, problem: { kind: "noApn" } }];
}

function fault({ keyword, params, instancePath, message = "" }: ErrorObject): SettingsFault {
  const path: Path = instancePath
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const at = schemaAt(path);
  const field = pathText(path);
  switch (keyword) {
    case "required": {
      const name = pathText([...path, params.missingProperty]);
      return { field: name, text: "is missing", problem: { kind: "missing" } };
    }
    case "additionalProperties": {
      const name = pathText([...path, params.additionalProperty]);
      const meant = suggestion(name);
      const text = `is not known${meant === "" ? "" : `: is ${meant} meant?`}`;
      return { field: name, text, problem: { kind: "unknown", meant } };
    }
    case "type": {
      const expected = params.type as keyof typeof TYPES;
      return { field, text: `has to be ${TYPES[expected]}`, problem: { kind: "type", expected } };
    }
    case "enum": {
      const allowed = params.allowedValues.join(", ");
      return { field, text: `has to be one of ${allowed}`, problem: { kind: "oneOf", allowed } };
    }
    case "minimum":
    case "maximum": {
      const { minimum: least = 0, maximum: most = 0 } = at ?? {};
      const text = `has to be from ${least} to ${most}`;
      return { field, text, problem: { kind: "range", least, most } };
    }
    case "pattern": {
      const problem = { kind: "pattern", field: field.replace(/\d+/g, "") } as const;
      return { field, text: at?.patternErrorMessage ?? message, problem };
    }
    default: {
      const text = message.replace(/^must /, "has to ").replace("NOT ", "not ");
      const problem = lengthProblem(keyword, params.limit);
      return problem ? { field, text, problem } : { field, text };
    }
  }
}

function lengthProblem(keyword: string, limit: number): SettingsProblem | undefined {
  switch (keyword) {
    case "minLength":
      return { kind: "shorter", least: limit };
    case "maxLength":
      return { kind: "longer", most: limit };
    case "minItems":
      return { kind: "fewer", least: limit };
    case "maxItems":
      return { kind: "more", most: limit };
    default:
      return undefined;
  }
}

const TYPES = {
  object: "an object",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
};

/** The field that was probably meant; empty: none is alike. */
function suggestion(field: string): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
  const wanted = plain(field);
  const near = fieldNames()
    .map((name) => ({ name, distance: distance(plain(name), wanted) }))
    .sort((one, other) => one.distance - other.distance)[0];
  return near && near.distance <= 2 ? near.name : "";
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
