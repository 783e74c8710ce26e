/**
 * What registration has brought, kept in the journal of the settings: power-cut safe, and there for as
 * long as the board is not wiped.
 * @module
 */
import { logError } from "../../debug/log.ts";
import type { Credentials } from "../../mqtt/options.ts";
import { openKept, putKept } from "../../store/settings.ts";
import type { AliConfig } from "../config.ts";
import { credentials } from "../sign.ts";

/** Kind of the journal's record. */
const KIND = "access";

/** What the platform gave: a secret, or client id and token; `id` is `deviceName&productKey`. */
export interface Kept {
  id: string;
  secret?: string;
  clientId?: string;
  token?: string;
}

/** What the flash did not take: good until the restart. */
let unkept: Kept | undefined;

/** Who a device is, in one text. */
export function idOf(config: AliConfig): string {
  return config.deviceName + "&" + config.productKey;
}

/** What is kept for this device; another one's counts as none. */
export function kept(config: AliConfig): Kept | undefined {
  let record = unkept;
  try {
    if (!record) record = openKept().get(KIND);
  } catch (_error) {
    // A board without the area keeps nothing.
  }
  return record && record.id === idOf(config) ? record : undefined;
}

/** Keeps it, and says so when the flash does not take it: then it is good until the restart. */
export function keep(record: Kept): void {
  let done = false;
  try {
    done = putKept(KIND, record);
  } catch (_error) {
    // said below
  }
  if (!done) {
    unkept = record;
    logError("register", "the flash does not keep what the platform gave: reset the device there");
  }
}

/** What to log on with. */
export function credentialsOf(config: AliConfig, record: Kept): Credentials {
  if (record.secret) return credentials(config, record.secret);
  return {
    clientId: record.clientId + "|securemode=-2,authType=connwl|",
    username: idOf(config),
    password: record.token as string,
  };
}

/** What the data of an answer give, if they are this device's; undefined: nothing of use. */
export function given(config: AliConfig, data: any): Kept | undefined {
  if (!data || data.productKey !== config.productKey || data.deviceName !== config.deviceName) {
    return undefined;
  }
  const id = idOf(config);
  if (data.deviceSecret) return { id: id, secret: "" + data.deviceSecret };
  if (!data.clientId || !data.deviceToken) return undefined;
  return { id: id, clientId: "" + data.clientId, token: "" + data.deviceToken };
}

/**
 * Forgets the secret that registration has brought; the next `connect()` registers anew, which the
 * platform grants to a device that was reset there. Gives what came of it, for people.
 */
export function forget(): string {
  unkept = undefined;
  try {
    const done = openKept().put(KIND, undefined);
    if (done) return "forgotten: the device registers anew when it starts";
  } catch (_error) {
    // said below
  }
  return "the flash does not take it";
}
