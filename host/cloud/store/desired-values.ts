/**
 * Desired values of properties: what a device shall set itself to when it asks.
 * @module
 */
import type { DeviceId } from "../device-id.ts";
import { type OrderedStore, prefixRange } from "./ordered-store.ts";

export interface DesiredValue {
  value: unknown;
  /** Counts from 1 with every change; 0 stands for "none yet". */
  version: number;
}

/** What is kept: a deleted value leaves its version behind, so that versions only grow. */
interface DesiredRecord {
  value?: unknown;
  version: number;
}

export class DesiredValues {
  readonly #store: OrderedStore;

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  async get(device: DeviceId, identifier: string): Promise<DesiredValue | undefined> {
    const record = await this.#record(device, identifier);
    return record && "value" in record ? (record as DesiredValue) : undefined;
  }

  /** All of a device by identifier. */
  async all(device: DeviceId): Promise<Record<string, DesiredValue>> {
    const prefix = prefixOf(device);
    const entries = await this.#store.range<DesiredRecord>(prefixRange(prefix));
    const present = entries.filter(([, record]) => "value" in record);
    return Object.fromEntries(
      present.map(([key, record]) => [key.slice(prefix.length), record as DesiredValue]),
    );
  }

  /** The version that a change would have to name: that of the last change, or 0. */
  async version(device: DeviceId, identifier: string): Promise<number> {
    return (await this.#record(device, identifier))?.version ?? 0;
  }

  /** Sets a value and returns its version. */
  async set(device: DeviceId, identifier: string, value: unknown): Promise<number> {
    const version = 1 + (await this.version(device, identifier));
    await this.#store.put(prefixOf(device) + identifier, { value, version });
    return version;
  }

  /** Deletes a value; with a version only if it is that one. */
  async delete(device: DeviceId, identifier: string, version?: number): Promise<void> {
    const value = await this.get(device, identifier);
    if (!value || (version !== undefined && version !== value.version)) return;
    await this.#store.put(prefixOf(device) + identifier, { version: value.version });
  }

  /** Removes all of a device. */
  async forget(device: DeviceId): Promise<void> {
    const entries = await this.#store.range(prefixRange(prefixOf(device)));
    for (const [key] of entries) await this.#store.delete(key);
  }

  #record(device: DeviceId, identifier: string): Promise<DesiredRecord | undefined> {
    return this.#store.get<DesiredRecord>(prefixOf(device) + identifier);
  }
}

function prefixOf({ productKey, deviceName }: DeviceId): string {
  return `desired/${productKey}/${deviceName}/`;
}
