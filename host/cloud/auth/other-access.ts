/**
 * Log-ons without a device's secret: to register, with the token that registration gave
 * (help.aliyun.com/document_detail/132112.html), and with a certificate (140588.html).
 * @module
 */
import { REGISTRATION_CONNACK } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { ClientId } from "./client-id.ts";
import type {
  NotRegistered,
  Registered,
  RegistrationKind,
  RegistrationRequest,
} from "./registration.ts";
import { sameToken } from "./signature.ts";
import {
  deviceOf,
  type Grant,
  grant,
  type LogOnLimits,
  type LogOnRequest,
  type LookUp,
  type Refusal,
  type RegistrationGrant,
  refuse,
} from "./verdict.ts";

/** What of the platform lets devices in. */
export interface OtherAccess {
  register(
    request: RegistrationRequest,
    kind: RegistrationKind,
    form: "mqtt",
  ): Promise<Registered | NotRegistered>;
  deviceToken(device: DeviceId, clientId: string): Promise<string | undefined>;
  /** The device whose certificate has a SHA-256, in hex. */
  certified(fingerprint: string): Promise<DeviceId | undefined>;
}

/** A log-on to register; no keepalive is too short. */
export async function toRegister(
  { parameters }: ClientId,
  request: LogOnRequest,
  kind: RegistrationKind,
  access: OtherAccess,
  { plainRegistration = false }: LogOnLimits,
): Promise<RegistrationGrant | Refusal> {
  const securemode = parameters.get("securemode");
  if (!request.tls && !plainRegistration) {
    return refuse(2, "registration needs TLS; this platform can be told to take plain TCP");
  }
  // Documents and SDKs differ in which of the two it is.
  if (request.tls ? securemode !== "2" && securemode !== "-2" : securemode !== "3") {
    const expected = request.tls ? "2 or -2" : "3 on plain TCP";
    return refuse(2, `securemode is ${securemode}, but registration needs ${expected}`);
  }
  const device = deviceOf(request.username);
  if (!device) return refuse(4, "user name is not of the form {deviceName}&{productKey}");
  const signed = {
    ...device,
    random: parameters.get("random") ?? "",
    signMethod: parameters.get("signmethod") ?? "hmacmd5",
    sign: request.password ?? "",
  };
  const outcome = await access.register(signed, kind, "mqtt");
  if ("code" in outcome) {
    const { code, message } = outcome;
    return refuse(REGISTRATION_CONNACK[code] ?? 5, `registration: ${code} ${message}`);
  }
  const payload = Buffer.from(JSON.stringify(outcome));
  return { code: 0, greeting: { topic: `/ext/${kind}`, payload } };
}

/** The second log-on of a device that is not pre-registered; on TLS and TCP alike. */
export async function byToken(
  { cid, parameters }: ClientId,
  request: LogOnRequest,
  lookUp: LookUp,
  access: OtherAccess,
): Promise<Grant | Refusal> {
  if (parameters.get("securemode") !== "-2") return refuse(2, "connwl needs securemode -2");
  const device = deviceOf(request.username);
  if (!device) return refuse(4, "user name is not of the form {deviceName}&{productKey}");
  if (!request.password) return refuse(4, "password is no device token");
  const credentials = await lookUp(device);
  if (!credentials) return refuse(5, "device does not exist");
  if (credentials.disabled) return refuse(5, "device is disabled");
  const token = await access.deviceToken(device, cid);
  if (token === undefined) return refuse(5, "client id was not given by registration");
  if (!sameToken(token, request.password)) return refuse(5, "device token is wrong");
  return grant(device, parameters, request.keepalive);
}

/**
 * A device that shows a certificate. It is told who it is, unless it says so itself; user name and
 * password may be missing.
 */
export async function byCertificate(
  { parameters }: ClientId,
  request: LogOnRequest,
  fingerprint: string,
  lookUp: LookUp,
  access: OtherAccess,
): Promise<Grant | Refusal> {
  const device = fingerprint === "" ? undefined : await access.certified(fingerprint);
  if (!device) return refuse(5, "no certificate that the platform has issued to a device");
  const { productKey, deviceName } = device;
  // Link SDK C sends the bare "&" of two empty names.
  if (request.username && request.username !== "&") {
    const named = deviceOf(request.username);
    if (!named) return refuse(4, "user name is not of the form {deviceName}&{productKey}");
    if (named.productKey !== productKey || named.deviceName !== deviceName) {
      return refuse(5, "certificate is another device's");
    }
  }
  const credentials = await lookUp(device);
  if (!credentials) return refuse(5, "device does not exist");
  if (credentials.disabled) return refuse(5, "device is disabled");
  const payload = Buffer.from(JSON.stringify({ productKey, deviceName }));
  const greeting = { topic: "/ext/auth/identity/response", payload };
  return { ...grant(device, parameters, request.keepalive), greeting };
}
