/**
 * The local platform: starts all of it and offers it to programs.
 * @module
 */
import { join } from "node:path";
import type { LogOnLimits } from "./auth/log-on.ts";
import { Broker } from "./broker/broker.ts";
import { type Endpoint, Listener } from "./broker/listeners.ts";
import { loadCertificates, makeCertificates } from "./certificate/authority.ts";
import type { DeviceId } from "./device-id.ts";
import { DeviceView } from "./device-view.ts";
import { MessageIds } from "./message-ids.ts";
import { offerNtp } from "./ntp/ntp.ts";
import { OtaReports } from "./ota/reports.ts";
import { Catalog } from "./products/catalog.ts";
import { readProductFile } from "./products/product-file.ts";
import { Router } from "./router.ts";
import { Rrpc, type RrpcAnswer, type RrpcRequest } from "./rrpc/rrpc.ts";
import { DeviceRecords } from "./store/device-records.ts";
import { History } from "./store/history.ts";
import { LevelStore } from "./store/level-store.ts";
import { MemoryStore } from "./store/memory-store.ts";
import { VersionRecords } from "./store/version-records.ts";
import type { AlinkReply } from "./thing/alink.ts";
import { type CommandOptions, Commands } from "./thing/commands.ts";
import { Posts } from "./thing/posts.ts";
import { Recorder } from "./thing/recorder.ts";
import { Trace } from "./trace.ts";

export { CloudError, ConfigurationError } from "./errors.ts";
export type { TraceMessage, TraceRefusal, TraceStatus, TraceSubscription } from "./trace.ts";

export interface CloudOptions {
  /** Product file; the demo products when absent. */
  products?: string;
  /** Directory for everything that survives a restart; nothing does when absent. */
  data?: string;
  /** Address to listen on; 127.0.0.1 when absent. */
  host?: string;
  /** Ports; 0 or absent: a free one. */
  ports?: { mqtt?: number; mqtts?: number; openapi?: number };
  /** Close the connection of a device that publishes without permission, rather than drop it. */
  closeOnForbiddenPublish?: boolean;
  /** Bounds of the log-on, for tests. */
  limits?: LogOnLimits;
}

/** A product with its devices and all secrets. */
export interface CloudProduct {
  productKey: string;
  productSecret: string;
  name: string;
  devices: { deviceName: string; deviceSecret: string }[];
}

export interface Cloud {
  endpoints: { mqtt: Endpoint; mqtts: Endpoint };
  /** Certificate of the authority that signed the TLS server's, PEM. */
  ca: string;
  /** Products and devices as they were at start. */
  products: CloudProduct[];
  /** Emits `message`, `status`, `refusal` and `subscription`. */
  trace: Trace;
  device(productKey: string, deviceName: string): DeviceView;
  /** Sets properties and waits for the device's reply. */
  setProperty(
    device: DeviceId,
    items: Record<string, unknown>,
    options?: CommandOptions,
  ): Promise<AlinkReply>;
  /** Invokes a service, asynchronous or synchronous, and waits for the device's reply. */
  invokeService(
    device: DeviceId,
    identifier: string,
    input?: Record<string, unknown>,
    options?: CommandOptions,
  ): Promise<AlinkReply>;
  rrpc(device: DeviceId, request: RrpcRequest): Promise<RrpcAnswer>;
  /** Publishes to one device; gives what became of the message, e.g. `"sent"`. */
  publish(device: DeviceId, topic: string, payload: Buffer, qos?: 0 | 1): Promise<string>;
  /** Cuts a device's connection, as a failing network would. */
  disconnect(device: DeviceId): Promise<void>;
  close(): Promise<void>;
}

const DEMO_PRODUCTS = join(import.meta.dirname, "../../examples/products/demo.json");

/**
 * Starts a platform.
 * @throws ConfigurationError for a product file, data directory or port that can't be used.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const { products = DEMO_PRODUCTS, data, host = "127.0.0.1", ports = {} } = options;
  const entries = await readProductFile(products);
  const hosts = [...new Set(["localhost", "127.0.0.1", ...(isAny(host) ? [] : [host])])];
  const certificates = data ? await loadCertificates(data, hosts) : await makeCertificates(hosts);
  const store = data ? await LevelStore.open(join(data, "state")) : new MemoryStore();

  const devices = new DeviceRecords(store);
  const history = new History(store);
  const versions = new VersionRecords(store);
  const catalog = await Catalog.load(entries, store, devices);
  const trace = new Trace();
  const broker = await Broker.start({
    lookUp: async (device) => (catalog.get(device.productKey) ? devices.get(device) : undefined),
    topicClasses: (productKey) => catalog.get(productKey)?.topics ?? [],
    trace,
    limits: options.limits,
    closeOnForbiddenPublish: options.closeOnForbiddenPublish,
  });
  const stopPresence = recordPresence(broker, devices);
  const router = new Router(broker, trace);
  const modelOf = (productKey: string) => catalog.require(productKey).model;
  const ids = new MessageIds();
  const rrpc = new Rrpc(broker, router, ids);
  new Posts(router, modelOf, new Recorder(history));
  const commands = new Commands({ broker, router, rrpc, ids, modelOf, history });
  new OtaReports(router, versions);
  offerNtp(router);

  const mqtt = await Listener.tcp({ host, port: ports.mqtt ?? 0 }, broker.accept);
  const mqtts = await Listener.tls({ host, port: ports.mqtts ?? 0 }, certificates, broker.accept);

  return {
    endpoints: { mqtt: mqtt.endpoint, mqtts: mqtts.endpoint },
    ca: certificates.ca,
    products: await describeProducts(catalog, devices),
    trace,
    device: (productKey, deviceName) =>
      new DeviceView({ broker, catalog, devices, history, versions }, { productKey, deviceName }),
    setProperty: async (device, items, given) =>
      (await commands.setProperty(device, items, given)).reply,
    invokeService: async (device, identifier, input = {}, given = {}) =>
      (await commands.invokeService(device, identifier, input, given)).reply,
    rrpc: (device, request) => rrpc.call(device, request),
    publish: (device, topic, payload, qos = 0) => router.send(device, { topic, payload, qos }),
    disconnect: (device) => broker.disconnect(device, "cut by the platform"),
    close: async () => {
      await Promise.all([mqtt.close(), mqtts.close(), broker.close()]);
      commands.close();
      rrpc.close();
      await router.settle();
      await stopPresence();
      await store.close();
    },
  };
}

/** Keeps in the store when devices come and go; returns what waits for the last entry. */
function recordPresence(broker: Broker, devices: DeviceRecords): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  broker.on("online", (device, address) => {
    last = last.then(async () => {
      const now = Date.now();
      const activeAt = (await devices.get(device))?.activeAt ?? now;
      await devices.update(device, { activeAt, onlineAt: now, address });
    });
  });
  broker.on("offline", (device) => {
    last = last.then(() => devices.update(device, { offlineAt: Date.now() }));
  });
  return () => last;
}

async function describeProducts(catalog: Catalog, devices: DeviceRecords): Promise<CloudProduct[]> {
  return Promise.all(
    catalog.list().map(async ({ productKey, productSecret, name }) => ({
      productKey,
      productSecret,
      name,
      devices: (await devices.list(productKey)).map(({ deviceName, deviceSecret }) => ({
        deviceName,
        deviceSecret,
      })),
    })),
  );
}

function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
