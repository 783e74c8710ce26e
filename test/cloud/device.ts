/**
 * A device for tests: MQTT.js with its own way of signing, so that it shares nothing with the
 * platform under test.
 * @module
 */
import { createHmac } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import type { Cloud } from "../../host/cloud/index.ts";

export interface Received {
  topic: string;
  payload: Buffer;
  qos: number;
  json: Record<string, unknown>;
}

export interface DeviceOptions {
  /** Index into the platform's products and their devices. */
  product?: number;
  device?: number;
  /** Extension parameters of the client id besides securemode and signmethod. */
  extension?: string;
  method?: "md5" | "sha1" | "sha256";
  tls?: boolean;
  clean?: boolean;
  mqtt?: IClientOptions;
}

/** A message that has not come by then never will: the test fails rather than hangs. */
const DEADLINE_MS = 15_000;

/** Connection options that the platform accepts; `mqtt` overrides any of them. */
export function connectOptions(cloud: Cloud, options: DeviceOptions = {}): IClientOptions {
  const { product = 0, device = 0, extension = "", method = "sha256", tls = false } = options;
  const { productKey, devices } = cloud.products[product] as Cloud["products"][number];
  const { deviceName, deviceSecret } = devices[device] as (typeof devices)[number];
  const cid = `test.${deviceName}`;
  const content = `clientId${cid}deviceName${deviceName}productKey${productKey}`;
  const parameters = [`securemode=${tls ? 2 : 3}`, `signmethod=hmac${method}`];
  if (extension) parameters.push(extension);
  const { host, port } = tls ? cloud.endpoints.mqtts : cloud.endpoints.mqtt;
  return {
    host,
    port,
    protocol: tls ? "mqtts" : "mqtt",
    ...(tls ? { ca: [cloud.ca] } : {}),
    protocolVersion: 4,
    clientId: `${cid}|${parameters.join(",")}|`,
    username: `${deviceName}&${productKey}`,
    password: createHmac(method, deviceSecret).update(content).digest("hex"),
    clean: options.clean ?? true,
    keepalive: 60,
    reconnectPeriod: 0,
    ...options.mqtt,
  };
}

export class TestDevice {
  readonly client: MqttClient;
  readonly productKey: string;
  readonly deviceName: string;
  readonly received: Received[] = [];
  readonly #arrivals = new EventEmitter();
  #taken = 0;

  private constructor(client: MqttClient, productKey: string, deviceName: string) {
    this.client = client;
    this.productKey = productKey;
    this.deviceName = deviceName;
    client.on("error", () => {});
    client.on("message", (topic, payload, packet) => {
      this.received.push({ topic, payload, qos: packet.qos, json: parse(payload) });
      this.#arrivals.emit("message");
    });
  }

  /** Logs on. @throws what MQTT.js reports, with the CONNACK code as `code`. */
  static async connect(cloud: Cloud, options: DeviceOptions = {}): Promise<TestDevice> {
    const settings = connectOptions(cloud, options);
    const client = connect(settings);
    const [deviceName = "", productKey = ""] = (settings.username ?? "").split("&");
    const device = new TestDevice(client, productKey, deviceName);
    await new Promise<void>((resolve, reject) => {
      client.once("connect", () => resolve());
      client.once("error", reject);
      client.once("close", () => reject(new Error("closed without CONNACK")));
    });
    return device;
  }

  get id(): { productKey: string; deviceName: string } {
    return { productKey: this.productKey, deviceName: this.deviceName };
  }

  /** A topic of this device below `/sys`. */
  sys(rest: string): string {
    return `/sys/${this.productKey}/${this.deviceName}/${rest}`;
  }

  /** QoS granted per filter, 128 for refused. */
  async subscribe(filters: string[], qos: 0 | 1 | 2 = 1): Promise<number[]> {
    const grants: number[] = [];
    for (const filter of filters) grants.push(await this.#subscribeOne(filter, qos));
    return grants;
  }

  /** Publishes JSON, or bytes as they are. */
  async publish(topic: string, payload: unknown, qos: 0 | 1 = 1): Promise<void> {
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
    await this.client.publishAsync(topic, bytes, { qos });
  }

  /** The next message that has not been taken yet. */
  async next(): Promise<Received> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    while (this.received.length <= this.#taken) await once(this.#arrivals, "message", { signal });
    return this.received[this.#taken++] as Received;
  }

  /** Publishes an Alink request and returns the reply. */
  async request(topic: string, params: unknown, more: object = {}): Promise<Received> {
    await this.publish(topic, { id: "1", version: "1.0", params, ...more });
    return this.next();
  }

  /** Answers every request of the platform that comes in. */
  respond(answer: (request: Received) => { topic: string; payload: unknown } | undefined): void {
    this.client.on("message", (topic, payload, packet) => {
      const reply = answer({ topic, payload, qos: packet.qos, json: parse(payload) });
      if (reply) void this.publish(reply.topic, reply.payload, 0);
    });
  }

  /** Says DISCONNECT and closes. */
  async end(): Promise<void> {
    await this.client.endAsync();
  }

  /** Cuts the connection without DISCONNECT and waits until the platform knows. */
  async cut(cloud: Cloud): Promise<void> {
    const offline = once(cloud.trace, "status");
    this.client.stream.destroy();
    await offline;
  }

  #subscribeOne(filter: string, qos: 0 | 1 | 2): Promise<number> {
    return new Promise((resolve, reject) => {
      this.client.subscribe(filter, { qos }, (error, granted) => {
        const code = (error as { code?: number } | null)?.code;
        if (code === 128 || /Subscribe error|Unspecified/.test(error?.message ?? "")) resolve(128);
        else if (error) reject(error);
        else resolve(granted?.[0]?.qos ?? -1);
      });
    });
  }
}

function parse(payload: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(payload.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
