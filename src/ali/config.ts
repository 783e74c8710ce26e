/**
 * The settings of a device, and their check before any network use.
 * @module
 */
import type { SignMethod } from "../digest/hmac.ts";

/** The manual's six settings, and what this firmware adds. */
export interface AliConfig {
  productKey: string;
  /** Needed for dynamic registration only. */
  productSecret?: string;
  deviceName: string;
  /** Empty or missing with `productSecret` (dynamic registration), and with `x509`. */
  deviceSecret?: string;
  /**
   * The manual's access domain (`iot-as-mqtt.cn-shanghai.aliyuncs.com`, to which the product key is
   * prefixed), the host of an enterprise instance (`iot-….mqtt.iothub.aliyuncs.com`), or
   * `host:port`.
   */
  server: string;
  /** Quality of service of what the device publishes, 0 or 1; default 1. */
  qos?: 0 | 1;
  /** TLS instead of plain TCP; the interpreter's TLS does not verify the server. Default false. */
  tls?: boolean;
  /**
   * How the device gets its secret (`services/registration.ts`): over MQTT, the default; over HTTPS;
   * or, not pre-registered, a token over MQTT (`regnwl`).
   */
  registration?: "mqtt" | "https" | "regnwl";
  /**
   * Where to register over HTTPS and to ask for the instance (`services/bootstrap.ts`), e.g.
   * `iot-auth.cn-shanghai.aliyuncs.com`; `host:port` or, without TLS, `http://host:port` of a local
   * platform.
   */
  authServer?: string;
  /** Log on with the certificate in Storage (`services/certificate.ts`), not with a secret. */
  x509?: boolean;
  /** Default `hmacsha256`. */
  signMethod?: SignMethod;
  /** MQTT keep alive in seconds, 30 to 1200; default 60. */
  keepalive?: number;
  /** MQTT clean session; false: the platform keeps QoS 1 messages while offline. Default false. */
  cleanSession?: boolean;
  /** How long a report waits for the platform's reply, in ms; default 30000. */
  replyTimeout?: number;
}

/** Where a device logs on. */
export interface Endpoint {
  host: string;
  port: number;
}

const TCP_PORT = 1883;
const TLS_PORT_PUBLIC = 443;
const TLS_PORT = 8883;
const NAME = /^[A-Za-z0-9_.:@-]+$/;

function refuse(field: string, expected: string): never {
  throw new Error('AliIot: "' + field + '" ' + expected);
}

function text(config: any, field: string, longest: number): void {
  const value = config[field];
  if (value === undefined) refuse(field, "is missing");
  if (typeof value !== "string") refuse(field, "must be a text");
  if (value === "") refuse(field, "is empty");
  if (value.length > longest) refuse(field, "is longer than " + longest + " characters");
}

function oneOf(config: any, field: string, values: any[]): void {
  if (config[field] !== undefined && values.indexOf(config[field]) < 0) {
    refuse(field, "must be one of " + values.join(", "));
  }
}

function whole(config: any, field: string, least: number, most: number): void {
  const value = config[field];
  if (value === undefined) return;
  if (typeof value !== "number" || value !== (value | 0) || value < least || value > most) {
    refuse(field, "must be a whole number from " + least + " to " + most);
  }
}

/** Checks a device's name and, unless it may lack one, its secret; throws as `checkConfig`. */
export function checkDevice(config: any, lacksSecret?: any): void {
  if (!config || typeof config !== "object")
    throw new Error("AliIot: the configuration is missing");
  text(config, "productKey", 20);
  text(config, "deviceName", 32);
  if (!lacksSecret || config.deviceSecret) text(config, "deviceSecret", 64);
  if (!/^[A-Za-z0-9]+$/.test(config.productKey)) {
    refuse("productKey", "may hold letters and digits only");
  }
  if (!NAME.test(config.deviceName)) {
    refuse("deviceName", "may hold letters, digits and - _ . : @ only");
  }
}

/**
 * Checks a configuration; throws an Error that names the field and what was expected. Lengths are
 * those of the C SDK (product key 20, device name 32, secrets 64 characters). Where it logs on. @brief
 */
export function checkConfig(config: AliConfig): Endpoint {
  // Without a secret it registers, or shows its certificate.
  checkDevice(config, config && (config.productSecret || config.x509));
  text(config, "server", 128);
  if (config.productSecret !== undefined) text(config, "productSecret", 64);
  oneOf(config, "qos", [0, 1]);
  if ((config.tls as any) === "psk") {
    refuse("tls", "can't be psk, which the interpreter's TLS lacks: use true");
  }
  oneOf(config, "tls", [false, true]);
  oneOf(config, "cleanSession", [false, true]);
  oneOf(config, "signMethod", ["hmacsha256", "hmacsha1", "hmacmd5"]);
  whole(config, "keepalive", 30, 1200);
  whole(config, "replyTimeout", 100, 3600000);
  return endpoint(config);
}

/** The host and port that `config.server` stands for; throws when it can't be one. */
export function endpoint(config: AliConfig): Endpoint {
  const server = config.server;
  const colon = server.lastIndexOf(":");
  let host = colon < 0 ? server : server.substr(0, colon);
  if (!/^[A-Za-z0-9.:-]+$/.test(server) || host === "" || host.includes(":")) {
    refuse("server", 'must be a host or host:port, not "' + server + '"');
  }
  const isPublic = host.startsWith("iot-as-mqtt.");
  if (isPublic) host = config.productKey + "." + host;
  let port = TCP_PORT;
  if (colon >= 0) {
    const digits = server.substr(colon + 1);
    port = parseInt(digits, 10);
    if (!/^[0-9]+$/.test(digits) || port < 1 || port > 65535) {
      refuse("server", 'has a bad port "' + digits + '": 1 to 65535 expected');
    }
  } else if (config.tls) {
    port = isPublic || host.lastIndexOf(".iot-as-mqtt.") > 0 ? TLS_PORT_PUBLIC : TLS_PORT;
  }
  return { host: host, port: port };
}
