/**
 * What a person has typed into the form of a board's settings, and what that changes on the board.
 * @module
 */
import type { SettingChange } from "../../../provision/assignment.ts";
import type { Schema } from "../../../provision/schema.ts";
import { FIELD_NAMES, type FieldName, pathOf, type Shown, schemaOf, valueAt } from "./fields.ts";

/** A Wi-Fi network. */
export interface NetworkDraft {
  /** Its index on the board; missing: it is new. */
  from?: number;
  ssid: string;
  /** Empty: what the board has stays. */
  password: string;
  /** Whether it has no password. */
  isOpen: boolean;
}

export interface SettingsDraft {
  /** By field; an empty secret stays as it is. */
  texts: Record<FieldName, string>;
  /** Secrets that are to be taken away. */
  removed: FieldName[];
  /** In order of preference. */
  networks: NetworkDraft[];
}

const BLANK: NetworkDraft = { ssid: "", password: "", isOpen: false };

/** A draft that changes nothing. */
export function draftOf(schema: Schema, shown: Shown | undefined): SettingsDraft {
  const texts = FIELD_NAMES.map((name) => {
    const isSecret = schemaOf(schema, name).writeOnly === true;
    return [name, isSecret ? "" : String(valueAt(shown, pathOf(name)) ?? "")];
  });
  const networks = networksOf(shown).map(({ ssid }, from) => ({ ...BLANK, from, ssid }));
  return {
    texts: Object.fromEntries(texts),
    removed: [],
    networks: networks.length > 0 ? networks : [BLANK],
  };
}

/** A list with one more network to fill in. */
export function withNetwork(networks: NetworkDraft[]): NetworkDraft[] {
  return [...networks, BLANK];
}

/** A list in which two neighbours have changed places. */
export function swapped(networks: NetworkDraft[], first: number): NetworkDraft[] {
  const [one, other] = networks.slice(first, first + 2);
  return one && other ? networks.with(first, other).with(first + 1, one) : networks;
}

/** The networks that count: a new one that nothing was typed for does not. */
export function networksIn({ networks }: Pick<SettingsDraft, "networks">): NetworkDraft[] {
  return networks.filter(({ from, ssid, password }) => from !== undefined || ssid || password);
}

/** What the draft changes, and nothing else. */
export function changesOf(
  schema: Schema,
  shown: Shown | undefined,
  draft: SettingsDraft,
): SettingChange[] {
  const fields = FIELD_NAMES.flatMap((name) => fieldChange(schema, shown, draft, name));
  return [...networkChanges(shown, networksIn(draft)), ...fields];
}

function fieldChange(
  schema: Schema,
  shown: Shown | undefined,
  { texts, removed }: SettingsDraft,
  name: FieldName,
): SettingChange[] {
  const path = pathOf(name);
  const old = valueAt(shown, path);
  const at = schemaOf(schema, name);
  const text = texts[name];
  const isGone = at.writeOnly ? removed.includes(name) : text === "";
  if (isGone) return old === undefined ? [] : [{ path }];
  if (text === "") return [];
  const value = typedValue(text, at);
  return value === old ? [] : [{ path, value }];
}

/** What a text stands for; one that is none of its type stays a text, for the check to refuse. */
function typedValue(text: string, { type }: Schema): unknown {
  const trimmed = text.trim();
  if (type === "integer" && /^-?\d+$/.test(trimmed)) return Number(trimmed);
  if (type === "boolean") return text === "true";
  return text;
}

interface Network {
  ssid: string;
  password?: null;
}

function networksOf(shown: Shown | undefined): Network[] {
  return (shown?.wifi ?? []) as Network[];
}

function networkChanges(shown: Shown | undefined, wanted: NetworkDraft[]): SettingChange[] {
  const old = networksOf(shown);
  if (wanted.length === 0) return old.length === 0 ? [] : [{ path: ["wifi"] }];
  const order = wanted.map(({ from = -1 }) => from);
  // New ones at the end need no other order.
  const isSame = order.every((from, index) => from === (index < old.length ? index : -1));
  const isArranged = !isSame || order.length < old.length;
  const changes = wanted.flatMap((network, index) => {
    return networkChange(network, old[network.from ?? -1], ["wifi", index]);
  });
  return isArranged ? [{ path: ["wifi"], order }, ...changes] : changes;
}

function networkChange(
  { ssid, password, isOpen }: NetworkDraft,
  old: Network | undefined,
  path: SettingChange["path"],
): SettingChange[] {
  const changes: SettingChange[] = [];
  const [name, secret] = [
    [...path, "ssid"],
    [...path, "password"],
  ];
  if (ssid === "" && old) changes.push({ path: name });
  if (ssid !== "" && ssid !== old?.ssid) changes.push({ path: name, value: ssid });
  if (isOpen && old?.password !== undefined) changes.push({ path: secret });
  if (!isOpen && password !== "") changes.push({ path: secret, value: password });
  return changes;
}

/** The settings with changes made, as the board makes them. */
export function applied(shown: Shown | undefined, changes: SettingChange[]): Shown {
  const copy: Shown = structuredClone(shown ?? {});
  for (const { path, order, ...change } of changes) {
    let owner = copy as Record<string | number, unknown>;
    for (const [index, step] of path.slice(0, -1).entries()) {
      owner[step] ??= typeof path[index + 1] === "number" ? [] : {};
      owner = owner[step] as typeof owner;
    }
    const last = path.at(-1) as string | number;
    if (order) {
      const items = (owner[last] ?? []) as unknown[];
      owner[last] = order.map((index) => (index < 0 ? {} : items[index]));
    } else if ("value" in change) owner[last] = change.value;
    else delete owner[last];
  }
  return copy;
}
