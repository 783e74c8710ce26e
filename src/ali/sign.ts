/**
 * The log-on of a device: MQTT client id, user name and password as Ali defines them ("Establish
 * MQTT connections over TCP").
 * @module
 */
import { hmac } from "../digest/hmac.ts";
import type { Credentials } from "../mqtt/options.ts";
import { toHex } from "../text/hex.ts";
import type { AliConfig } from "./config.ts";

/**
 * By a device's secret. Signed are the parameters' names and values, sorted by name, without
 * separators. @brief
 */
export function credentials(config: AliConfig, secret: string): Credentials {
  const id = config.productKey + "." + config.deviceName;
  const method = config.signMethod || "hmacsha256";
  const content =
    "clientId" + id + "deviceName" + config.deviceName + "productKey" + config.productKey;
  return {
    // securemode tells the platform the transport: 2 is TLS, 3 is TCP.
    clientId: id + "|securemode=" + (config.tls ? 2 : 3) + ",signmethod=" + method + "|",
    username: config.deviceName + "&" + config.productKey,
    password: toHex(hmac(method, secret, content)),
  };
}

/** A client id with further parameters, each behind a comma. */
export function extended(clientId: string, parameters: string): string {
  return clientId.substr(0, clientId.length - 1) + parameters + "|";
}
