/**
 * The fields of a board's settings that the page asks for, as the schema of settings describes them.
 * @module
 */
import type { Schema } from "../../../provision/schema.ts";

/** Where a setting is, e.g. `["cellular", "apn"]`. */
export type Path = (string | number)[];

/** Settings as a board shows them: `null` for each secret. */
export type Shown = Record<string, unknown>;

/** Fields outside of lists, by section, in order. */
export const SECTIONS = {
  platform: ["server", "productKey", "productSecret", "deviceName", "deviceSecret"],
  cellular: [
    "cellular.apn",
    "cellular.user",
    "cellular.password",
    "cellular.pin",
    "cellular.roaming",
    "cellular.tls",
  ],
  connection: [
    "qos",
    "tls",
    "signMethod",
    "keepalive",
    "cleanSession",
    "replyTimeout",
    "registration",
    "authServer",
    "log",
  ],
} as const;

export type Section = keyof typeof SECTIONS;
export type FieldName = (typeof SECTIONS)[Section][number];

export const FIELD_NAMES = Object.values(SECTIONS).flat();

export function pathOf(name: FieldName): Path {
  return name.split(".");
}

/** @throws Error for a field that the schema does not have */
export function schemaOf(schema: Schema, name: FieldName): Schema {
  let at: Schema | undefined = schema;
  for (const step of name.split(".")) at = at?.properties?.[step];
  if (!at) throw new Error(`the schema has no ${name}`);
  return at;
}

/** Whether a secret may be missing, and so be taken away. */
export function isOptionalSecret(schema: Schema, name: FieldName): boolean {
  return schemaOf(schema, name).writeOnly === true && !schema.required?.includes(name);
}

/** Values to choose from; undefined: the field is typed. */
export function choicesOf({ type, enum: values }: Schema): string[] | undefined {
  if (type === "boolean") return ["true", "false"];
  return values?.map(String);
}

export function valueAt(shown: Shown | undefined, path: Path): unknown {
  let at: unknown = shown;
  for (const step of path) at = (at as Record<string | number, unknown> | undefined)?.[step];
  return at;
}
