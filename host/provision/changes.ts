/**
 * Changes of settings as the board makes them, made here to see what would come of them.
 * @module
 */
import type { SettingChange } from "./assignment.ts";
import { type Path, pathText, type Schema } from "./schema.ts";
import type { DeviceSettings } from "./settings-file.ts";
import { SettingsError } from "./validate.ts";

/** A copy with changes made, as the board makes them. */
export function changed(settings: DeviceSettings, changes: SettingChange[]): DeviceSettings {
  const copy = structuredClone(settings);
  for (const change of changes) {
    const path = [...change.path];
    const last = path.pop() as string | number;
    let owner = copy as Record<string | number, unknown>;
    for (const [index, step] of path.entries()) {
      const next = path[index + 1] ?? last;
      owner[step] ??= typeof next === "number" ? [] : {};
      owner = owner[step] as typeof owner;
    }
    checkIndex(owner, last, change.path);
    if (change.order) {
      const items = (owner[last] ?? []) as unknown[];
      owner[last] = change.order.map((index) => (index < 0 ? {} : items[index]));
    } else if ("value" in change) owner[last] = change.value;
    else if (Array.isArray(owner)) owner.splice(Number(last), 1);
    else delete owner[last];
  }
  return copy;
}

/** Lists grow by one at a time. */
function checkIndex(owner: unknown, last: string | number, path: Path): void {
  if (Array.isArray(owner) && Number(last) > owner.length) {
    const text = `is out of the list, which has ${owner.length}`;
    throw new SettingsError("--set", [{ field: pathText(path), text }]);
  }
}

/** Settings with something that fits for each secret, so that they can be checked. */
export function standIns(value: unknown, at: Schema | undefined): unknown {
  if (value === null) return at?.examples?.[0] ?? "";
  if (Array.isArray(value)) return value.map((item) => standIns(item, at?.items));
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [
      name,
      standIns(item, at?.properties?.[name]),
    ]),
  );
}
