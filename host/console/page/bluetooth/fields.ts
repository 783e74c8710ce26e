/**
 * The fields of a board's settings that the page asks for, and what a person's draft of them changes.
 * @module
 */
import type { SettingChange } from "../../../provision/assignment.ts";

/** Where a setting is, e.g. `["wifi", 0, "ssid"]`. */
export type Path = SettingChange["path"];

/** Settings as a board shows them: `null` for each secret. */
export type Shown = Record<string, unknown>;

export type FieldName = keyof typeof FIELDS;

/** What is asked for, in order. */
export const FIELDS = {
  "wifi[0].ssid": { path: ["wifi", 0, "ssid"], isSecret: false },
  "wifi[0].password": { path: ["wifi", 0, "password"], isSecret: true },
  server: { path: ["server"], isSecret: false },
  productKey: { path: ["productKey"], isSecret: false },
  productSecret: { path: ["productSecret"], isSecret: true },
  deviceName: { path: ["deviceName"], isSecret: false },
  deviceSecret: { path: ["deviceSecret"], isSecret: true },
} as const satisfies Record<string, { path: Path; isSecret: boolean }>;

export const WIFI_FIELDS: FieldName[] = ["wifi[0].ssid", "wifi[0].password"];
export const CLOUD_FIELDS = (Object.keys(FIELDS) as FieldName[]).filter(
  (name) => !WIFI_FIELDS.includes(name),
);

/** What a person has typed. */
export interface SettingsDraft {
  texts: Record<FieldName, string>;
  /** Whether the network has no password. */
  isOpenNetwork: boolean;
}

/** A draft that changes nothing. */
export function draftOf(shown: Shown | undefined): SettingsDraft {
  const entries = Object.entries(FIELDS).map(([name, { path, isSecret }]) => {
    return [name, isSecret ? "" : String(valueAt(shown, path) ?? "")];
  });
  return { texts: Object.fromEntries(entries), isOpenNetwork: false };
}

/** Whether a field is set, on the board. */
export function isSet(shown: Shown | undefined, name: FieldName): boolean {
  return valueAt(shown, FIELDS[name].path) !== undefined;
}

/** What the draft changes: an empty secret stays as it is. */
export function changesOf(shown: Shown | undefined, draft: SettingsDraft): SettingChange[] {
  const changes: SettingChange[] = [];
  for (const [name, { path, isSecret }] of Object.entries(FIELDS)) {
    const text = draft.texts[name as FieldName];
    const old = valueAt(shown, path);
    if (name === "wifi[0].password" && draft.isOpenNetwork) {
      if (old !== undefined) changes.push({ path: [...path] });
    } else if (text === "") {
      if (!isSecret && old !== undefined) changes.push({ path: [...path] });
    } else if (text !== old) changes.push({ path: [...path], value: text });
  }
  return changes;
}

/** The settings with changes made, as the board makes them. */
export function applied(shown: Shown | undefined, changes: SettingChange[]): Shown {
  const copy: Shown = structuredClone(shown ?? {});
  for (const { path, ...change } of changes) {
    let owner = copy as Record<string | number, unknown>;
    for (const [index, step] of path.slice(0, -1).entries()) {
      owner[step] ??= typeof path[index + 1] === "number" ? [] : {};
      owner = owner[step] as typeof owner;
    }
    const last = path.at(-1) as string | number;
    if ("value" in change) owner[last] = change.value;
    else delete owner[last];
  }
  return copy;
}

function valueAt(shown: Shown | undefined, path: Path): unknown {
  let at: unknown = shown;
  for (const step of path) at = (at as Record<string | number, unknown> | undefined)?.[step];
  return at;
}
