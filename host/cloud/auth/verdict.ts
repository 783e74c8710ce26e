/**
 * What a log-on asks for and what it is told: formats, CONNACK codes, what is granted
 * (help.aliyun.com/document_detail/73742.html and 148610.html).
 * @module
 */
import { KEEPALIVE_MAX_S, SECUREMODE_CONNACK } from "../defaults.ts";
import { DEVICE_NAME, type DeviceId, PRODUCT_KEY } from "../device-id.ts";
import type { ClientId } from "./client-id.ts";

/** The fields of a CONNECT that count. */
export interface LogOnRequest {
  clientId: string;
  username: string | undefined;
  password: string | undefined;
  /** Seconds. */
  keepalive: number;
  /** Whether it came through TLS. */
  tls: boolean;
  /** SHA-256 of the certificate that it showed, in hex; `""`: none that the platform has issued. */
  certificate?: string;
}

/** What the platform knows of a device. */
export interface Credentials {
  deviceSecret: string;
  disabled: boolean;
  /** Logs on with its certificate, not with its secret. */
  certified?: boolean;
  /** Logs on through a gateway only. */
  behindGateway?: boolean;
}

/** A granted log-on. */
export interface Grant {
  code: 0;
  device: DeviceId;
  /** Seconds, within the bounds. */
  keepalive: number;
  /** `_ss=1`: system topics are delivered without SUBSCRIBE. */
  systemTopics: boolean;
  /** Bit 0 of `ext`: custom RRPC topics and synchronous services through `/ext/rrpc`. */
  customRrpc: boolean;
  /** What the platform publishes to the device at once. */
  greeting?: Greeting;
}

/** A connection that only brings a device its secret. */
export interface RegistrationGrant {
  code: 0;
  device?: undefined;
  keepalive?: undefined;
  greeting: Greeting;
}

/** A message that comes without SUBSCRIBE, right after CONNACK. */
export interface Greeting {
  topic: string;
  payload: Buffer;
}

export interface Refusal {
  code: 2 | 3 | 4 | 5;
  reason: string;
}

export type LookUp = (device: DeviceId) => Promise<Credentials | undefined>;

export interface LogOnLimits {
  /** Shortest keepalive in seconds that is accepted; for tests that can't wait for 45 s. */
  keepaliveMin?: number;
  /** Whether devices may register over plain TCP, too; Alibaba demands TLS. */
  plainRegistration?: boolean;
}

/** The device that a user name names; undefined when it has another form. */
export function deviceOf(username: string | undefined): DeviceId | undefined {
  const names = username?.split("&") ?? [];
  const [deviceName = "", productKey = ""] = names;
  const isGood = names.length === 2 && DEVICE_NAME.test(deviceName) && PRODUCT_KEY.test(productKey);
  return isGood ? { productKey, deviceName } : undefined;
}

/** What is wrong with the transport that a client id names. */
export function securemodeFault({ parameters }: ClientId, { tls }: LogOnRequest) {
  const securemode = parameters.get("securemode");
  if (securemode === undefined) return refuse(2, "client id has no securemode");
  const expected = tls ? "2" : "3";
  if (securemode === expected) return undefined;
  const text = `securemode is ${securemode}, but ${tls ? "TLS" : "TCP"} needs ${expected}`;
  return refuse(SECUREMODE_CONNACK, text);
}

export function grant(
  device: DeviceId,
  parameters: ReadonlyMap<string, string>,
  keepalive: number,
): Grant {
  return {
    code: 0,
    device,
    keepalive: Math.min(keepalive, KEEPALIVE_MAX_S),
    systemTopics: parameters.get("_ss") === "1",
    customRrpc: (Number(parameters.get("ext") ?? 0) & 1) === 1,
  };
}

export function refuse(code: Refusal["code"], reason: string): Refusal {
  return { code, reason };
}
