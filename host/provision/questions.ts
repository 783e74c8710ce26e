/**
 * Asks a person for a device's settings, one after the other.
 * @module
 */
import type { SettingChange } from "./assignment.ts";
import { changed, standIns } from "./changes.ts";
import { type Path, pathText, schema, schemaAt } from "./schema.ts";
import type { DeviceSettings } from "./settings-file.ts";
import { findFaults } from "./validate.ts";

/** Puts a question, resolves to the line that was typed; a secret must not be seen. */
export type Ask = (question: string, secret: boolean) => Promise<string>;

const ALWAYS: Path[] = [["productKey"], ["deviceName"], ["deviceSecret"], ["server"]];
const BY_LINK: Record<"wifi" | "host" | "modem", Path[]> = {
  wifi: [
    ["wifi", 0, "ssid"],
    ["wifi", 0, "password"],
  ],
  modem: [["cellular", "apn"]],
  host: [],
};
/** Nothing typed means that there is none. */
const OPTIONAL = ["wifi[0].password", "cellular.apn"];

/**
 * What is to be changed; an empty line keeps what the board has.
 * @param old the board's settings, `null` for each secret; undefined: it has none
 * @param tell shows why an answer does not do
 */
export async function askSettings(
  old: DeviceSettings | undefined,
  link: "wifi" | "host" | "modem",
  ask: Ask,
  tell: (text: string) => void,
): Promise<SettingChange[]> {
  const changes: SettingChange[] = [];
  const base = standIns(old ?? {}, schema) as DeviceSettings;
  for (const path of [...ALWAYS, ...BY_LINK[link]]) {
    const change = await askOne(path, valueAt(old, path), ask, (candidate) => {
      const field = pathText(path);
      if (field === "deviceSecret" && candidate.value === "" && !mayLackSecret(base)) {
        tell("deviceSecret is empty: only with productSecret or x509 it may be");
        return false;
      }
      const faults = findFaults(changed(base, [...changes, candidate]));
      const mine = faults.find(
        (fault) => fault.field === field || fault.text.startsWith(`"${field}"`),
      );
      if (mine) tell(`${field} ${mine.text.replace(`"${field}" `, "")}`);
      return mine === undefined;
    });
    if (change) changes.push(change);
  }
  return changes;
}

/** Whether the device registers, or shows a certificate. */
function mayLackSecret({ productSecret, x509 }: DeviceSettings): boolean {
  return Boolean(productSecret) || x509 === true;
}

async function askOne(
  path: Path,
  value: unknown,
  ask: Ask,
  isGood: (change: SettingChange) => boolean,
): Promise<SettingChange | undefined> {
  const at = schemaAt(path);
  const secret = at?.writeOnly === true;
  const field = pathText(path);
  const kept = value === null ? "as it is" : (value as string | undefined);
  const none = OPTIONAL.includes(field) ? "none" : undefined;
  const example = secret || kept ? undefined : at?.examples?.[0];
  const hint = [
    kept || none ? `Enter: ${kept ?? none}` : undefined,
    example ? `e.g. ${example}` : undefined,
  ].filter(Boolean);
  for (;;) {
    const text = (
      await ask(`${field}${hint.length ? ` (${hint.join("; ")})` : ""}: `, secret)
    ).trim();
    if (text === "" && (kept || none)) return undefined;
    const change = { path, value: text };
    if (isGood(change)) return change;
  }
}

function valueAt(settings: DeviceSettings | undefined, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (at as Record<string | number, unknown> | undefined)?.[step],
    settings,
  );
}
