/**
 * Puts the parts of updates together and starts the file server.
 * @module
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Broker } from "../broker/broker.ts";
import type { Certificates } from "../certificate/authority.ts";
import { FILE_ADDRESS_MS, UPLOAD_MAX_BYTES, UPLOAD_MS } from "../defaults.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Router } from "../router.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import { DirectoryFiles, type FileStore, MemoryFiles } from "../store/file-store.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import type { VersionRecords } from "../store/version-records.ts";
import type { Trace } from "../trace.ts";
import { Addresses, type FileKey, type UploadForm } from "./addresses.ts";
import { BlockDownload } from "./blocks.ts";
import { FaultSwitches } from "./faults.ts";
import { FileServer } from "./file-server.ts";
import { Jobs } from "./jobs.ts";
import { OtaModules } from "./modules.ts";
import { Ota, type OtaParts } from "./ota.ts";
import { newFileKey, Packages } from "./packages.ts";
import { type FileSite, isAny, Pushes } from "./pushes.ts";
import { OtaReports } from "./reports.ts";
import { Tasks } from "./tasks.ts";
import { Updates } from "./updates.ts";

interface Surroundings {
  broker: Broker;
  router: Router;
  ids: MessageIds;
  store: OrderedStore;
  devices: DeviceRecords;
  versions: VersionRecords;
  trace: Trace;
  certificates: Certificates;
}

interface Settings {
  host: string;
  /** Of HTTP and HTTPS. */
  ports: [number, number];
  data?: string | undefined;
  scheme?: "http" | "https";
  lifetimeMs?: number;
}

/** What the OpenAPI needs. */
export interface OtaPlatform extends OtaParts {
  /** A permit to upload a file, and the server's address for its caller. */
  permit(suffix: string, callerHost: string): { form: UploadForm; site: string };
  /** The file that an address of the file server names. */
  fileKeyOf(address: string): string | undefined;
  /** The bytes of all files that the file server serves, by the names that addresses have. */
  files: FileStore;
  /** An address for an operator. */
  addressOf(fileKey: string, callerHost: string): string;
}

export interface StartedOta {
  api: Ota;
  platform: OtaPlatform;
  endpoints: { files: string; filesTls: string };
  close(): Promise<void>;
}

export async function startOta(parts: Surroundings, settings: Settings): Promise<StartedOta> {
  const { broker, router, ids, store, devices, versions, trace, certificates } = parts;
  const { host, ports, data, scheme = "http", lifetimeMs = FILE_ADDRESS_MS } = settings;
  const files = data ? new DirectoryFiles(join(data, "packages")) : new MemoryFiles();
  const addresses = new Addresses(await loadFileKey(store));
  const faults = new FaultSwitches();
  const packages = await Packages.load(store, files);
  const jobs = await Jobs.load(store);
  const tasks = await Tasks.load(store);
  const modules = await OtaModules.load(store, versions);
  tasks.on("change", (task, before) => {
    const { productKey, deviceName, status } = task;
    const device = { productKey, deviceName };
    const was = before ? { before: before.status } : {};
    trace.emit("task", { at: Date.now(), device, task, status, ...was });
  });

  const ownerOf = (key: string) => packages.ownerOf(key)?.firmwareId;
  const serving = { files, addresses, faults, trace, ownerOf };
  const [port, tlsPort] = ports;
  const plain = await FileServer.start({ host, port }, serving);
  const closers: (() => Promise<void>)[] = [() => plain.close()];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  try {
    const secure = await FileServer.start({ host, port: tlsPort }, serving, certificates);
    closers.push(() => secure.close());
    const site = (): FileSite => ({
      scheme,
      endpoint: scheme === "https" ? secure.endpoint : plain.endpoint,
      lifetimeMs,
    });
    const pushes = new Pushes({ broker, router, ids, addresses, faults, site });
    const updates = new Updates({ broker, devices, versions, packages, jobs, tasks, pushes });
    closers.push(() => updates.close());
    new OtaReports(router, versions, updates, pushes);
    new BlockDownload(router, packages, updates, faults);
    const shared = { packages, modules, jobs, tasks, updates, pushes };
    const siteFor = (callerHost: string) =>
      `http://${isAny(host) ? callerHost : host}:${plain.endpoint.port}`;
    const platform: OtaPlatform = {
      ...shared,
      files,
      permit: (suffix, callerHost) => {
        const form = addresses.permit(newFileKey(suffix), Date.now() + UPLOAD_MS, UPLOAD_MAX_BYTES);
        return { form, site: siteFor(callerHost) };
      },
      fileKeyOf,
      addressOf: (fileKey, callerHost) => {
        const expires = Math.floor((Date.now() + lifetimeMs) / 1000);
        return siteFor(callerHost) + addresses.sign(fileKey, expires);
      },
    };
    const endpoints = {
      files: `http://${host}:${plain.endpoint.port}`,
      filesTls: `https://${host}:${secure.endpoint.port}`,
    };
    return { api: new Ota(shared, faults), platform, endpoints, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The host of an address does not matter: the platform may have been reached by several. */
function fileKeyOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).pathname.slice(1) : undefined;
}

/** Kept, so that addresses that devices hold survive a restart of the platform. */
async function loadFileKey(store: OrderedStore): Promise<FileKey> {
  const kept = await store.get<FileKey>("ota/file-key");
  if (kept) return kept;
  const key = {
    id: `STS.${randomBytes(8).toString("hex")}`,
    secret: randomBytes(20).toString("hex"),
  };
  await store.put("ota/file-key", key);
  return key;
}
