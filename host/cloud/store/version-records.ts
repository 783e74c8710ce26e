/**
 * What devices reported about their modules: versions and the progress of updates.
 * @module
 */
import type { DeviceId } from "../device-id.ts";
import { type OrderedStore, prefixRange } from "./ordered-store.ts";

/** Times are milliseconds since 1970. */
export interface ModuleRecord {
  module: string;
  /** As last informed; absent when only progress was reported. */
  version?: string;
  informedAt?: number;
  /** Last progress: percentage 1 to 100, or a negative reason for failure. */
  step?: number;
  description?: string;
  progressAt?: number;
}

export class VersionRecords {
  readonly #store: OrderedStore;

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  /** Modules of a device by name. */
  async list(device: DeviceId): Promise<ModuleRecord[]> {
    const entries = await this.#store.range<ModuleRecord>(prefixRange(prefixOf(device)));
    return entries.map(([, record]) => record);
  }

  async get(device: DeviceId, module: string): Promise<ModuleRecord | undefined> {
    return this.#store.get<ModuleRecord>(prefixOf(device) + encodeURIComponent(module));
  }

  /** Removes all of a device. */
  async forget(device: DeviceId): Promise<void> {
    const entries = await this.#store.range(prefixRange(prefixOf(device)));
    for (const [key] of entries) await this.#store.delete(key);
  }

  async update(device: DeviceId, module: string, change: Partial<ModuleRecord>): Promise<void> {
    const record = (await this.get(device, module)) ?? { module };
    await this.#store.put(prefixOf(device) + encodeURIComponent(module), { ...record, ...change });
  }

  /** Modules of all devices of a product, by the device's name. */
  async ofProduct(productKey: string): Promise<Map<string, ModuleRecord[]>> {
    const prefix = `module/${productKey}/`;
    const devices = new Map<string, ModuleRecord[]>();
    for (const [key, record] of await this.#store.range<ModuleRecord>(prefixRange(prefix))) {
      const [deviceName = ""] = key.slice(prefix.length).split("/");
      const known = devices.get(deviceName);
      if (known) known.push(record);
      else devices.set(deviceName, [record]);
    }
    return devices;
  }

  /** Names of the modules that devices of a product have reported. */
  async modulesOf(productKey: string): Promise<string[]> {
    const entries = await this.#store.range<ModuleRecord>(prefixRange(`module/${productKey}/`));
    return [...new Set(entries.map(([, { module }]) => module))].sort();
  }
}

function prefixOf({ productKey, deviceName }: DeviceId): string {
  return `module/${productKey}/${deviceName}/`;
}
