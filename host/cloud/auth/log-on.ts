/**
 * Decides whether a device may log on, with the CONNACK codes that Alibaba documents
 * (help.aliyun.com/document_detail/148610.html).
 * @module
 */
import { KEEPALIVE_CONNACK, KEEPALIVE_MIN_S } from "../defaults.ts";
import { type ClientId, parseClientId } from "./client-id.ts";
import { byCertificate, byToken, type OtherAccess, toRegister } from "./other-access.ts";
import { SIGN_METHODS, sameSignature, sign, signContent } from "./signature.ts";
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
  securemodeFault,
} from "./verdict.ts";

export type {
  Credentials,
  Grant,
  LogOnLimits,
  LogOnRequest,
  Refusal,
  RegistrationGrant,
} from "./verdict.ts";

/**
 * Checks formats first (codes 2 and 4), then device and signature (code 5).
 * @param access ways to get in besides the device's secret; without, there are none
 */
export async function checkLogOn(
  request: LogOnRequest,
  lookUp: LookUp,
  limits: LogOnLimits = {},
  access?: OtherAccess,
): Promise<Grant | RegistrationGrant | Refusal> {
  const client = parseClientId(request.clientId);
  if (typeof client === "string") return refuse(2, `client id ${client}`);
  const authType = client.parameters.get("authType");
  if (access && (authType === "register" || authType === "regnwl")) {
    return toRegister(client, request, authType, access, limits);
  }
  const { keepaliveMin = KEEPALIVE_MIN_S } = limits;
  if (request.keepalive < keepaliveMin) {
    const text = `keepalive of ${request.keepalive} s is below ${keepaliveMin} s`;
    return refuse(KEEPALIVE_CONNACK, text);
  }
  if (access && authType === "connwl") return byToken(client, request, lookUp, access);
  const fault = securemodeFault(client, request);
  if (fault) return fault;
  if (access && request.certificate !== undefined) {
    return byCertificate(client, request, request.certificate, lookUp, access);
  }
  return bySecret(client, request, lookUp);
}

async function bySecret(
  { cid, parameters }: ClientId,
  request: LogOnRequest,
  lookUp: LookUp,
): Promise<Grant | Refusal> {
  const method = (parameters.get("signmethod") ?? "hmacmd5").toLowerCase();
  if (!Object.hasOwn(SIGN_METHODS, method)) return refuse(2, `signmethod "${method}" is unknown`);
  const device = deviceOf(request.username);
  if (!device) return refuse(4, "user name is not of the form {deviceName}&{productKey}");
  if (!request.password || !/^[0-9a-fA-F]+$/.test(request.password)) {
    return refuse(4, "password is not a hexadecimal signature");
  }
  const credentials = await lookUp(device);
  if (!credentials) return refuse(5, "device does not exist");
  if (credentials.disabled) return refuse(5, "device is disabled");
  if (credentials.behindGateway) return refuse(5, "device logs on through a gateway only");
  if (credentials.certified) return refuse(5, "device has to log on with its X.509 certificate");
  const timestamp = parameters.get("timestamp");
  const content = signContent({
    clientId: cid,
    ...device,
    ...(timestamp === undefined ? {} : { timestamp }),
  });
  if (!sameSignature(sign(method, credentials.deviceSecret, content), request.password)) {
    return refuse(5, "signature is wrong");
  }
  return grant(device, parameters, request.keepalive);
}
