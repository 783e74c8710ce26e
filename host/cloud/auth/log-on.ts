/**
 * Decides whether a device may log on, with the CONNACK codes that Alibaba documents
 * (help.aliyun.com/document_detail/148610.html).
 * @module
 */
import {
  KEEPALIVE_CONNACK,
  KEEPALIVE_MAX_S,
  KEEPALIVE_MIN_S,
  SECUREMODE_CONNACK,
} from "../defaults.ts";
import { DEVICE_NAME, type DeviceId, PRODUCT_KEY } from "../device-id.ts";
import { parseClientId } from "./client-id.ts";
import { SIGN_METHODS, sameSignature, sign, signContent } from "./signature.ts";

/** The fields of a CONNECT that count. */
export interface LogOnRequest {
  clientId: string;
  username: string | undefined;
  password: string | undefined;
  /** Seconds. */
  keepalive: number;
  /** Whether it came through TLS. */
  tls: boolean;
}

/** What the platform knows of a device. */
export interface Credentials {
  deviceSecret: string;
  disabled: boolean;
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
}

export interface Refusal {
  code: 2 | 3 | 4 | 5;
  reason: string;
}

/** Shortest keepalive in seconds that is accepted; for tests that can't wait for 45 s. */
export interface LogOnLimits {
  keepaliveMin?: number;
}

/** Checks formats first (codes 2 and 4), then device and signature (code 5). */
export async function checkLogOn(
  request: LogOnRequest,
  lookUp: (device: DeviceId) => Promise<Credentials | undefined>,
  { keepaliveMin = KEEPALIVE_MIN_S }: LogOnLimits = {},
): Promise<Grant | Refusal> {
  const client = parseClientId(request.clientId);
  if (typeof client === "string") return refuse(2, `client id ${client}`);
  const { cid, parameters } = client;

  const securemode = parameters.get("securemode");
  const expected = request.tls ? "2" : "3";
  if (securemode === undefined) return refuse(2, "client id has no securemode");
  if (securemode !== expected) {
    const transport = request.tls ? "TLS" : "TCP";
    return refuse(
      SECUREMODE_CONNACK,
      `securemode is ${securemode}, but ${transport} needs ${expected}`,
    );
  }
  const method = (parameters.get("signmethod") ?? "hmacmd5").toLowerCase();
  if (!Object.hasOwn(SIGN_METHODS, method)) return refuse(2, `signmethod "${method}" is unknown`);

  const names = request.username?.split("&") ?? [];
  const [deviceName = "", productKey = ""] = names;
  if (names.length !== 2 || !DEVICE_NAME.test(deviceName) || !PRODUCT_KEY.test(productKey)) {
    return refuse(4, "user name is not of the form {deviceName}&{productKey}");
  }
  if (!request.password || !/^[0-9a-fA-F]+$/.test(request.password)) {
    return refuse(4, "password is not a hexadecimal signature");
  }
  if (request.keepalive < keepaliveMin) {
    return refuse(
      KEEPALIVE_CONNACK,
      `keepalive of ${request.keepalive} s is below ${keepaliveMin} s`,
    );
  }

  const device = { productKey, deviceName };
  const credentials = await lookUp(device);
  if (!credentials) return refuse(5, "device does not exist");
  if (credentials.disabled) return refuse(5, "device is disabled");
  const timestamp = parameters.get("timestamp");
  const content = signContent({
    clientId: cid,
    deviceName,
    productKey,
    ...(timestamp === undefined ? {} : { timestamp }),
  });
  if (!sameSignature(sign(method, credentials.deviceSecret, content), request.password)) {
    return refuse(5, "signature is wrong");
  }
  return {
    code: 0,
    device,
    keepalive: Math.min(request.keepalive, KEEPALIVE_MAX_S),
    systemTopics: parameters.get("_ss") === "1",
    customRrpc: (Number(parameters.get("ext") ?? 0) & 1) === 1,
  };
}

function refuse(code: Refusal["code"], reason: string): Refusal {
  return { code, reason };
}
