/**
 * A platform with a gateway and its sub-devices, and requests of a gateway that share nothing with
 * the platform under test.
 * @module
 */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import type { Received, TestDevice } from "./device.ts";

export const GATEWAY = "a1AliotGate";
export const NODE = "a1AliotNode";
/** Of devices that may also log on by themselves, and its index in the platform's list. */
export const BOTH = "a1AliotBoth";
export const BOTH_INDEX = 2;

export function startGatewayCloud(data?: string): Promise<Cloud> {
  const products = join(import.meta.dirname, "../../examples/products/gateway.json");
  return startCloud({ products, ...(data === undefined ? {} : { data }) });
}

/** A sub-device by its name. */
export function sub(deviceName: string, productKey = NODE) {
  return { productKey, deviceName };
}

interface SignOptions {
  productKey?: string;
  /** What it signs with, instead of the secret that the platform has. */
  secret?: string;
  [more: string]: unknown;
}

/** A sub-device with its signature, as topologies and log-ons carry it. */
export function signed(
  cloud: Cloud,
  deviceName: string,
  { productKey = NODE, secret, ...more }: SignOptions = {},
): Record<string, unknown> {
  const timestamp = "2524608000000";
  const clientId = `${productKey}.${deviceName}|_ss=1|`;
  const product = cloud.products.find((each) => each.productKey === productKey);
  const own =
    product?.devices.find((device) => device.deviceName === deviceName)?.deviceSecret ?? "none";
  const content = `clientId${clientId}deviceName${deviceName}productKey${productKey}timestamp${timestamp}`;
  const sign = createHmac("sha256", secret ?? own)
    .update(content)
    .digest("hex");
  return { productKey, deviceName, clientId, timestamp, signMethod: "hmacSha256", sign, ...more };
}

/** Below `/ext/session/{gateway}/combine/`. */
export function session(gateway: TestDevice, word: string): string {
  return `/ext/session/${gateway.productKey}/${gateway.deviceName}/combine/${word}`;
}

/** Adds sub-devices and logs them on; gives the reply to the latter. */
export async function bringOnline(
  cloud: Cloud,
  gateway: TestDevice,
  ...names: string[]
): Promise<Received> {
  const entries = names.map((name) => signed(cloud, name));
  await gateway.request(gateway.sys("thing/topo/add"), entries);
  return gateway.request(session(gateway, "batch_login"), { deviceList: entries });
}
