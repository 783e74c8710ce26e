/**
 * What the tests of access share: products whose devices register or show certificates, and an MQTT
 * client that takes what comes right after CONNACK.
 * @module
 */
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type IClientOptions, type MqttClient } from "mqtt";

export const REGISTERING = "a1Registers";
export const SECRET = "product-secret-1";
export const CERTIFIED = "a1Certified";

/** A product file: one product with registration on, and one with certificates. */
export async function productFile(): Promise<{ file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  const file = join(folder, "products.json");
  const named = (names: string[]) => names.map((deviceName) => ({ deviceName }));
  const products = [
    {
      productKey: REGISTERING,
      productSecret: SECRET,
      dynamicRegistration: true,
      tsl: {},
      devices: named(["reg_0001", "reg_0002", "reg_0003", "reg_0004"]),
    },
    { productKey: "a1Closed", productSecret: SECRET, tsl: {}, devices: named(["closed_1"]) },
    {
      productKey: CERTIFIED,
      authType: "x509",
      tsl: {},
      devices: named(["cert_0001", "cert_0002"]),
    },
  ];
  await writeFile(file, JSON.stringify({ products }));
  return { file, remove: () => rm(folder, { recursive: true }) };
}

export function hmac(method: string, key: string, content: string): string {
  return createHmac(method, key).update(content).digest("hex");
}

export interface Greeted {
  client: MqttClient;
  topic: string;
  json: Record<string, string>;
}

/** Logs on and waits for what the platform publishes by itself. @throws with CONNACK's `code` */
export function greeted(options: IClientOptions): Promise<Greeted> {
  const client = connect({ protocolVersion: 4, reconnectPeriod: 0, ...options });
  return new Promise((resolve, reject) => {
    client.once("error", reject);
    client.once("close", () => reject(new Error("closed")));
    client.once("message", (topic, payload) => {
      resolve({ client, topic, json: JSON.parse(payload.toString()) });
    });
  });
}

/** Logs on and off; CONNACK's code. */
export async function connack(options: IClientOptions): Promise<number> {
  const client = connect({ protocolVersion: 4, reconnectPeriod: 0, keepalive: 60, ...options });
  try {
    return await new Promise<number>((resolve, reject) => {
      client.once("connect", () => resolve(0));
      client.once("error", (error) => {
        const { code } = error as Error & { code?: number };
        if (typeof code === "number") resolve(code);
        else reject(error);
      });
    });
  } finally {
    await client.endAsync(true);
  }
}
