/**
 * The JSON schema of `device.json`, and what commands need to know of a field.
 * @module
 */
import { readFileSync } from "node:fs";

/** The part of a JSON schema that `device.schema.json` uses. */
export interface Schema {
  type: "object" | "array" | "string" | "integer" | "boolean";
  /** A secret: never shown. */
  writeOnly?: boolean;
  patternErrorMessage?: string;
  enum?: unknown[];
  /** What holds while the field is missing. */
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  required?: string[];
  examples?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** Names of members and indices of lists from the root, e.g. `["wifi", 0, "ssid"]`. */
export type Path = (string | number)[];

export const SCHEMA_FILE = new URL("device.schema.json", import.meta.url);

/** The schema, as parsed. */
export const schema: Schema = JSON.parse(readFileSync(SCHEMA_FILE, "utf8"));

/** The schema of a field; undefined when there is no such field. */
export function schemaAt(path: Path): Schema | undefined {
  let at: Schema | undefined = schema;
  for (const step of path) {
    at = typeof step === "number" ? at?.items : at?.properties?.[step];
  }
  return at;
}

/** As people write a path: `wifi[0].ssid`. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : `${text}${text ? "." : ""}${step}`,
    "",
  );
}

/** Paths of all fields that have no fields of their own, `[]` standing for any index. */
export function fieldNames(of: Schema = schema, prefix = ""): string[] {
  if (of.items) return fieldNames(of.items, `${prefix}[]`);
  if (!of.properties) return [prefix];
  return Object.entries(of.properties).flatMap(([name, inner]) =>
    fieldNames(inner, prefix === "" ? name : `${prefix}.${name}`),
  );
}

/** Names of members whose values may be shown: all that the schema knows, but for secrets. */
export function openNames(of: Schema = schema): string[] {
  const names = Object.entries(of.properties ?? {}).flatMap(([name, inner]) => {
    if (inner.properties || inner.items) return openNames(inner);
    return inner.writeOnly || inner.type === "object" ? [] : [name];
  });
  const inItems = of.items ? openNames(of.items) : [];
  const secret = secretNames();
  return [...new Set([...names, ...inItems])].filter((name) => !secret.includes(name));
}

function secretNames(of: Schema = schema): string[] {
  if (of.items) return secretNames(of.items);
  return Object.entries(of.properties ?? {}).flatMap(([name, inner]) =>
    inner.writeOnly ? [name] : secretNames(inner),
  );
}
