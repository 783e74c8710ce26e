/**
 * The local platform: starts all of it and offers it to programs.
 * @module
 */
import { join } from "node:path";
import type { LogOnLimits } from "./auth/log-on.ts";
import { Access } from "./auth/start.ts";
import { Broker } from "./broker/broker.ts";
import { Gate } from "./broker/gate.ts";
import { type Endpoint, Listener } from "./broker/listeners.ts";
import { loadCertificates, makeCertificates } from "./certificate/authority.ts";
import type { DeviceCertificate } from "./certificate/devices.ts";
import type { DeviceId } from "./device-id.ts";
import { DeviceView, type Registry } from "./device-view.ts";
import { speaksFor } from "./gateway/sessions.ts";
import { MessageIds } from "./message-ids.ts";
import { offerNtp } from "./ntp/ntp.ts";
import { loadAccessKey } from "./openapi/access-key.ts";
import { OpenApi } from "./openapi/server.ts";
import type { Ota } from "./ota/ota.ts";
import { isAny } from "./ota/pushes.ts";
import { startOta } from "./ota/start.ts";
import { recordPresence } from "./presence.ts";
import { Catalog } from "./products/catalog.ts";
import { type CloudProduct, describeProducts } from "./products/describe.ts";
import { readProductFile } from "./products/product-file.ts";
import { TopicClasses } from "./products/topic-classes.ts";
import { Codec } from "./raw/codec.ts";
import { RawData } from "./raw/raw.ts";
import { Router } from "./router.ts";
import { Rrpc, type RrpcAnswer, type RrpcRequest } from "./rrpc/rrpc.ts";
import { type DeviceServices, startServices } from "./services.ts";
import { DesiredValues } from "./store/desired-values.ts";
import { DeviceRecords } from "./store/device-records.ts";
import { History } from "./store/history.ts";
import { MemoryStore } from "./store/memory-store.ts";
import type { OrderedStore } from "./store/ordered-store.ts";
import { VersionRecords } from "./store/version-records.ts";
import type { AlinkReply } from "./thing/alink.ts";
import { type CommandOptions, Commands } from "./thing/commands.ts";
import { DesiredRequests } from "./thing/desired.ts";
import { Posts } from "./thing/posts.ts";
import { Recorder } from "./thing/recorder.ts";
import { Trace } from "./trace.ts";

export { type DeviceStatus, type Registry, statusOf } from "./device-view.ts";
export { CloudError, ConfigurationError, DataInUseError } from "./errors.ts";
export type { Faults } from "./ota/faults.ts";
export type { JobSpec } from "./ota/jobs.ts";
export type { FirmwareSpec } from "./ota/ota.ts";
export type { CloudProduct } from "./products/describe.ts";
export type { TaskRecord, TaskStatus } from "./store/ota-records.ts";
export type {
  TraceDownload,
  TraceMessage,
  TraceRefusal,
  TraceRegistration,
  TraceStatus,
  TraceSubscription,
  TraceTask,
} from "./trace.ts";

export interface CloudOptions {
  /** Product file; the demo products when absent. */
  products?: string;
  /** Directory for everything that survives a restart; nothing does when absent. */
  data?: string;
  /** Address to listen on; 127.0.0.1 when absent. */
  host?: string;
  /** Ports; 0 or absent: a free one. */
  ports?: { [endpoint in keyof Cloud["endpoints"]]?: number };
  /** Addresses of packages that devices get: scheme (http) and life in milliseconds (24 hours). */
  downloads?: { scheme?: "http" | "https"; lifetimeMs?: number };
  /** Close the connection of a device that publishes without permission, rather than drop it. */
  closeOnForbiddenPublish?: boolean;
  /** Bounds of the log-on. */
  limits?: LogOnLimits;
}

export interface Cloud extends DeviceServices {
  /** All but the first three are URLs such as `http://127.0.0.1:8080`. */
  endpoints: {
    mqtt: Endpoint;
    mqtts: Endpoint;
    /** MQTT on TLS for devices that log on with a certificate. */
    x509: Endpoint;
    /** Registration and bootstrap over HTTP and HTTPS. */
    auth: string;
    authTls: string;
    openapi: string;
    files: string;
    filesTls: string;
  };
  /** Certificate of the authority that signed the TLS server's, PEM. */
  ca: string;
  /** What the OpenAPI takes. */
  accessKeyId: string;
  accessKeySecret: string;
  /** Products and devices as they were at start. */
  products: CloudProduct[];
  /** Emits `message`, `status`, `refusal`, `registration`, `subscription`, `task` and `download`. */
  trace: Trace;
  /** Products, devices and what they reported, as they are now. */
  registry: Registry;
  /** Lets devices' connections in, or cuts them as a network does that fails. */
  network: Gate;
  /** Packages, jobs and tasks of updates, and faults of downloads. */
  ota: Ota;
  device(productKey: string, deviceName: string): DeviceView;
  /** Sets properties and waits for the device's reply. */
  setProperty(
    device: DeviceId,
    items: Record<string, unknown>,
    options?: CommandOptions,
  ): Promise<AlinkReply>;
  /** Asks a device for the values of properties: the older way, on `thing/service/property/get`. */
  getProperty(
    device: DeviceId,
    identifiers: string[],
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
  /** The certificate of a device of a product with `authType` x509. */
  certificate(device: DeviceId): Promise<DeviceCertificate>;
  /** Sends a device to another platform, by bootstrap; without one back here. */
  redirect(device: DeviceId, place?: Endpoint): Promise<void>;
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
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  try {
    return await start(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** The database takes a while to load, and many platforms keep nothing. */
async function openStore(directory: string): Promise<OrderedStore> {
  const { LevelStore } = await import("./store/level-store.ts");
  return LevelStore.open(directory);
}

/** @param closers what has been started, to be ended in reverse order. */
async function start(
  options: CloudOptions,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Cloud> {
  const { products = DEMO_PRODUCTS, data, host = "127.0.0.1", ports = {} } = options;
  const entries = await readProductFile(products);
  const hosts = [...new Set(["localhost", "127.0.0.1", ...(isAny(host) ? [] : [host])])];
  const certificates = data ? await loadCertificates(data, hosts) : await makeCertificates(hosts);
  const store = data ? await openStore(join(data, "state")) : new MemoryStore();
  closers.push(() => store.close());

  const devices = new DeviceRecords(store);
  const history = new History(store);
  const versions = new VersionRecords(store);
  const catalog = await Catalog.load(entries, store, devices);
  const trace = new Trace();
  const topicClasses = await TopicClasses.load(store, catalog);
  closers.push(() => topicClasses.flush());
  const access = new Access({ catalog, devices, store, certificates, trace });
  const broker = await Broker.start({
    lookUp: async (device) => {
      const product = catalog.get(device.productKey);
      const record = product && (await devices.get(device));
      const certified = product?.authType === "x509";
      return record && { ...record, certified, behindGateway: product.nodeType === "sub-device" };
    },
    topicClasses: (productKey) => topicClasses.of(productKey),
    access,
    showsCertificate: access.showsCertificate,
    trace,
    limits: options.limits,
    closeOnForbiddenPublish: options.closeOnForbiddenPublish,
  });
  closers.push(recordPresence(broker, devices));
  const router = new Router(broker, trace);
  closers.push(() => router.settle());
  const modelOf = (productKey: string) => catalog.require(productKey).model;
  const ids = new MessageIds();
  const rrpc = new Rrpc(broker, router, ids);
  closers.push(() => rrpc.close());
  new Posts(router, modelOf, new Recorder(history), speaksFor(broker));
  const codec = new Codec(catalog);
  new RawData(router, codec, history);
  const commands = new Commands({ broker, router, rrpc, ids, modelOf, codec, history });
  closers.push(() => commands.close());
  const desired = new DesiredValues(store);
  new DesiredRequests(router, desired);
  const ota = await startOta(
    { broker, router, ids, store, devices, versions, trace, certificates },
    { host, ports: [ports.files ?? 0, ports.filesTls ?? 0], data, ...options.downloads },
  ).catch(async (error: unknown) => {
    await broker.close();
    throw error;
  });
  closers.push(() => ota.close());
  offerNtp(router);
  const services = await startServices(
    {
      ...{ store, trace, router, broker, ids, catalog, devices, history, commands },
      ...{ registration: access.registration, ota: ota.platform },
    },
    [history, desired, versions, access],
  );
  closers.push(() => services.close());
  closers.push(() => broker.close());

  const network = new Gate(broker.accept);
  const accept = network.accept;
  const mqtt = await Listener.tcp({ host, port: ports.mqtt ?? 0 }, accept);
  closers.push(() => mqtt.close());
  const mqtts = await Listener.tls({ host, port: ports.mqtts ?? 0 }, certificates, accept);
  closers.push(() => mqtts.close());
  const x509 = await access.listen({ host, port: ports.x509 ?? 0 }, accept);
  closers.push(() => x509.close());
  const { bootstrap, ...authEndpoints } = await access.serve(
    host,
    [ports.auth ?? 0, ports.authTls ?? 0],
    {
      ...{ broker, router, ids, devices, store },
      endpoints: () => ({ mqtt: mqtt.endpoint, mqtts: mqtts.endpoint }),
    },
    closers,
  );
  const accessKey = await loadAccessKey(store);
  const registry = { broker, catalog, devices, history, versions };
  const entrance = { topicClasses, access, bootstrap };
  const parts = { commands, rrpc, router, ids, desired, ota: ota.platform };
  const actions = { ...registry, ...entrance, ...parts, ...services.api };
  const openApi = await OpenApi.start({ host, port: ports.openapi ?? 0 }, accessKey, actions);
  closers.push(() => openApi.close());

  return {
    endpoints: {
      mqtt: mqtt.endpoint,
      mqtts: mqtts.endpoint,
      x509: x509.endpoint,
      ...authEndpoints,
      openapi: `http://${openApi.endpoint.host}:${openApi.endpoint.port}`,
      ...ota.endpoints,
    },
    ca: certificates.ca,
    ...accessKey,
    products: await describeProducts(catalog, devices),
    trace,
    registry,
    network,
    ota: ota.api,
    ...services.api,
    device: (productKey, deviceName) => new DeviceView(registry, { productKey, deviceName }),
    setProperty: async (device, items, given) =>
      (await commands.setProperty(device, items, given)).reply,
    getProperty: async (device, identifiers, given) =>
      (await commands.getProperty(device, identifiers, given)).reply,
    invokeService: async (device, identifier, input = {}, given = {}) =>
      (await commands.invokeService(device, identifier, input, given)).reply,
    rrpc: (device, request) => rrpc.call(device, request),
    publish: (device, topic, payload, qos = 0) => router.send(device, { topic, payload, qos }),
    certificate: (device) => access.deviceCertificates.of(device),
    redirect: (device, place) => bootstrap.redirect(device, place),
    disconnect: (device) => broker.disconnect(device, "cut by the platform"),
    close,
  };
}
