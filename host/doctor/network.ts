/**
 * The way to the platform: name, port, encryption, and whether it takes the credentials.
 * @module
 */
import { createHmac } from "node:crypto";
import { lookup } from "node:dns/promises";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { connectAsync } from "mqtt";
import type { AliConfig } from "../../src/ali/config.ts";
import { endpoint } from "../../src/ali/config.ts";
import { type Check, fail, ok } from "./check.ts";

/** Milliseconds for each step. */
const PATIENCE = 8000;

/** What is needed of a device's settings. */
export type PlatformSettings = Pick<AliConfig, "productKey" | "server" | "tls">;

/** Whether the platform's host can be reached from this computer. */
export async function checkBroker(settings: PlatformSettings): Promise<Check> {
  const { host, port } = endpoint(settings as AliConfig);
  const place = `${host}:${port}`;
  try {
    await lookup(host);
  } catch {
    return fail(
      "broker",
      `${host} has no address`,
      "Check `server` and `productKey` in the settings, and this computer's network.",
    );
  }
  try {
    await reach(host, port, settings.tls ?? false);
    return ok("broker", `${place} answers${settings.tls ? " over TLS" : ""}`);
  } catch (error) {
    return fail(
      "broker",
      `${place} can't be reached: ${(error as Error).message}`,
      /^(127\.|localhost)/.test(host)
        ? "Start the local platform: npm run cloud."
        : "Is the port blocked by a firewall? Is the region of the access domain right?",
    );
  }
}

function reach(host: string, port: number, tls: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      socket.destroy();
      resolve();
    };
    const socket = tls
      ? // Only whether it can be reached is asked here; devices verify by their own rules.
        connectTls({ host, port, servername: host, rejectUnauthorized: false }, done)
      : connectTcp({ host, port }, done);
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error("no answer within 8 s")));
    socket.once("error", reject);
  });
}

const NOT_ALLOWED =
  "its secret is wrong, or the device is unknown, disabled or of another instance";
/** By MQTT's return code. */
const REFUSALS: Record<number, string> = {
  2: "the product key or device name is not known there",
  4: NOT_ALLOWED,
  5: NOT_ALLOWED,
};

/** What CONNECT carries, as Ali defines it ("Establish MQTT connections over TCP"). */
function credentials({ productKey, deviceName, deviceSecret = "", signMethod, tls }: AliConfig) {
  const id = `${productKey}.${deviceName}`;
  const method = signMethod ?? "hmacsha256";
  const content = `clientId${id}deviceName${deviceName}productKey${productKey}`;
  return {
    clientId: `${id}|securemode=${tls ? 2 : 3},signmethod=${method}|`,
    username: `${deviceName}&${productKey}`,
    password: createHmac(method.slice("hmac".length), deviceSecret).update(content).digest("hex"),
  };
}

/** Logs on as the device, and off again. It cuts off a device that is online with these credentials. */
export async function checkLogOn(settings: AliConfig): Promise<Check> {
  const { host, port } = endpoint(settings);
  const signed = credentials(settings);
  try {
    const client = await connectAsync({
      protocol: settings.tls ? "mqtts" : "mqtt",
      host,
      port,
      ...signed,
      protocolVersion: 4,
      clean: true,
      keepalive: 60,
      reconnectPeriod: 0,
      connectTimeout: PATIENCE,
      rejectUnauthorized: false,
    });
    await client.endAsync();
    return ok("credentials", `${settings.deviceName} can log on`);
  } catch (error) {
    const { code, message } = error as Error & { code?: number };
    const why = REFUSALS[Number(code)] ?? message;
    return fail(
      "credentials",
      `${settings.deviceName} can't log on: ${why}`,
      "Compare the settings with the device's page in the platform's console.",
    );
  }
}
