/**
 * What `npm run provision` has the interpreter run, beside the firmware or before there is one: shows
 * the settings without their secrets and changes them. Leaves its functions in the global `$setup`.
 * @module
 */
import { readSettings, writeSettings } from "../store/settings.ts";
import { parseJson, toJson } from "../text/json.ts";
import { toBytes } from "../text/utf8.ts";

/**
 * Where a value goes, by names and indices; without a value it is taken away. With `order`, a list is
 * made of its own items by their indices, -1 for a new one.
 */
type Change = [path: (string | number)[], value?: any, order?: number[]];

/** A copy in which `null` stands for all values but those of the members named in `open`. */
function masked(value: any, isOpen: boolean, open: string[]): any {
  if (Array.isArray(value)) return value.map((item) => masked(item, isOpen, open));
  if (!value || typeof value !== "object") return isOpen ? value : null;
  const copy: any = {};
  for (const name in value) copy[name] = masked(value[name], open.indexOf(name) >= 0, open);
  return copy;
}

function apply(settings: any, change: Change): void {
  const path = change[0];
  const last = path[path.length - 1];
  let owner = settings;
  for (let i = 0; i < path.length - 1; i++) {
    if (owner[path[i]] === undefined) owner[path[i]] = typeof path[i + 1] === "number" ? [] : {};
    owner = owner[path[i]];
  }
  const order = change[2];
  if (order) {
    const items: any[] = owner[last] || [];
    owner[last] = order.map((index) => (index < 0 ? {} : items[index]));
  } else if (change.length > 1) owner[last] = change[1];
  else if (Array.isArray(owner)) owner.splice(last as number, 1);
  else delete owner[last];
}

global.$setup = {
  /** The settings, masked, as JSON in base64; empty: there are none. */
  show: (open: string[]) => {
    const settings = readSettings();
    return settings ? btoa(toBytes(toJson(masked(settings, false, open)))) : "";
  },
  /** Takes settings, JSON in base64, in place of the old ones. */
  replace: (text: string) => writeSettings(atob(text)),
  /** Makes changes, a list as JSON in base64; the rest stays as it is. */
  change: (text: string) => {
    const settings: any = readSettings() || {};
    for (const change of parseJson(atob(text))) apply(settings, change);
    writeSettings(toBytes(toJson(settings)));
  },
};
