/**
 * What gateways send about their sub-devices: names and signatures
 * (help.aliyun.com/document_detail/89299.html).
 * @module
 */
import { SIGN_METHODS, sameSignature, sign, signContent } from "../auth/signature.ts";
import type { DeviceId } from "../device-id.ts";
import { isObject } from "../thing/alink.ts";
import { type RefusalCode, Refused } from "./refused.ts";

/** A sub-device in a request, with whatever else came with its name. */
export interface Entry extends DeviceId {
  fields: Record<string, unknown>;
}

/** Reads one sub-device. @throws Refused 460. */
export function readEntry(value: unknown): Entry {
  if (!isObject(value)) throw new Refused(460, "a sub-device has to be an object");
  const { productKey, deviceName } = value;
  if (typeof productKey !== "string" || typeof deviceName !== "string") {
    throw new Refused(460, "productKey and deviceName have to be texts");
  }
  return { productKey, deviceName, fields: value };
}

/** Reads a list of 1 to `max` sub-devices. @throws Refused 460. */
export function readEntries(value: unknown, max: number): Entry[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Refused(460, "a list of sub-devices is expected");
  }
  if (value.length > max) {
    throw new Refused(460, `${value.length} sub-devices, but at most ${max} are allowed`);
  }
  return value.map(readEntry);
}

/** The name alone, as replies give it. */
export function nameOf({ productKey, deviceName }: DeviceId): DeviceId {
  return { productKey, deviceName };
}

/**
 * Checks an entry's `sign` over those of `signed` that it has. The method is written `signMethod` or
 * `signmethod`, in any case; a request may give it once for all its entries.
 * @throws Refused with `wrong` for another signature, 460 for a method that is unknown.
 */
export function checkSign(
  { deviceName, fields }: Entry,
  secret: string,
  signed: readonly string[],
  wrong: RefusalCode,
  common?: unknown,
): void {
  const method = String(fields.signMethod ?? fields.signmethod ?? common ?? "").toLowerCase();
  if (!Object.hasOwn(SIGN_METHODS, method)) {
    throw new Refused(460, `sign method "${method}" of ${deviceName} is unknown`);
  }
  const present = signed.filter((name) => fields[name] !== undefined);
  // Some write the time as a number, and all sign its digits.
  const content = signContent(Object.fromEntries(present.map((name) => [name, `${fields[name]}`])));
  const given = typeof fields.sign === "string" ? fields.sign : "";
  if (!sameSignature(sign(method, secret, content), given)) throw new Refused(wrong, deviceName);
}

/** What a sub-device signs with its own secret. */
export const SUB_DEVICE_SIGNED = ["clientId", "deviceName", "productKey", "timestamp"] as const;
