/**
 * `--set FIELD=VALUE` and `--unset FIELD`: which field is meant, and its value by the field's type.
 * @module
 */
import { fieldNames, type Path, pathText, schemaAt } from "./schema.ts";
import { SettingsError } from "./validate.ts";

/** One field's new value; without one the field goes. */
export interface SettingChange {
  path: Path;
  value?: unknown;
  /** Instead: the list is made of its own items by their indices, -1 for a new one. */
  order?: number[];
}

const STEP = /^(?:\.?([A-Za-z]\w*)|\[(\d{1,2})\]|\.(\d{1,2}))/;
const BOOLEANS: Record<string, boolean> = { true: true, false: false };

/**
 * Reads `qos=0`, `wifi[0].password=…`, `cellular={"apn":"…"}`.
 * @throws SettingsError that names the field and what was expected, never the value
 */
export function parseAssignment(text: string): SettingChange {
  const equals = text.indexOf("=");
  if (equals < 0) {
    throw new SettingsError("--set", [{ field: text, text: "has to be FIELD=VALUE" }]);
  }
  const path = parsePath(text.slice(0, equals), "--set");
  return { path, value: parseValue(path, text.slice(equals + 1)) };
}

/** @throws SettingsError when there is no such field */
export function parseRemoval(field: string): SettingChange {
  return { path: parsePath(field, "--unset") };
}

/** Whether a field is a secret, so that its value should not be seen on the command line. */
export function hasSecret({ path }: SettingChange): boolean {
  return schemaAt(path)?.writeOnly === true;
}

function parsePath(text: string, flag: string): Path {
  const path: Path = [];
  let rest = text;
  while (rest !== "") {
    const step = STEP.exec(rest);
    if (!step) break;
    path.push(step[1] ?? Number(step[2] ?? step[3]));
    rest = rest.slice(step[0].length);
  }
  if (rest !== "" || path.length === 0 || path[0] === "$schema" || !schemaAt(path)) {
    const known = fieldNames().filter((name) => name !== "$schema");
    const expected = `is not a field: expected one of ${known.join(", ")}`;
    throw new SettingsError(flag, [{ field: text, text: expected }]);
  }
  return path;
}

function parseValue(path: Path, text: string): unknown {
  const refuse = (expected: string): never => {
    throw new SettingsError("--set", [{ field: pathText(path), text: `has to be ${expected}` }]);
  };
  switch (schemaAt(path)?.type) {
    case "string":
      return text;
    case "integer":
      return /^-?\d+$/.test(text) ? Number(text) : refuse("a whole number");
    case "boolean":
      return BOOLEANS[text] ?? refuse("true or false");
    default:
      try {
        return JSON.parse(text);
      } catch {
        return refuse("JSON");
      }
  }
}
