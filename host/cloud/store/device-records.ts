/**
 * The devices of the platform: who they are and when they were last seen.
 * @module
 */
import { randomBytes } from "node:crypto";
import type { DeviceId } from "../device-id.ts";
import { type OrderedStore, prefixRange } from "./ordered-store.ts";

/** Times are milliseconds since 1970. */
export interface DeviceRecord extends DeviceId {
  deviceSecret: string;
  iotId: string;
  nickname: string;
  disabled: boolean;
  createdAt: number;
  /** When its secret was given to it by dynamic registration. */
  registeredAt?: number;
  /** First log-on. */
  activeAt?: number;
  onlineAt?: number;
  offlineAt?: number;
  address?: string;
}

export type DeviceChange = {
  [Member in keyof DeviceRecord]?: DeviceRecord[Member] | undefined;
};

export class DeviceRecords {
  readonly #store: OrderedStore;
  /** The last change under way. */
  #updates: Promise<void> = Promise.resolve();

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  get(device: DeviceId): Promise<DeviceRecord | undefined> {
    return this.#store.get<DeviceRecord>(deviceRecordKey(device));
  }

  async byIotId(iotId: string): Promise<DeviceRecord | undefined> {
    const device = await this.#store.get<DeviceId>(`iot-id/${iotId}`);
    return device && this.get(device);
  }

  /** Creates a device; a secret is made when none is given. */
  async create(device: DeviceId, given: { deviceSecret?: string; nickname?: string } = {}) {
    const record: DeviceRecord = {
      productKey: device.productKey,
      deviceName: device.deviceName,
      deviceSecret: given.deviceSecret ?? randomBytes(16).toString("hex"),
      iotId: randomBytes(16).toString("base64url").replace(/[_-]/g, "0"),
      nickname: given.nickname ?? "",
      disabled: false,
      createdAt: Date.now(),
    };
    await this.#store.put(`iot-id/${record.iotId}`, device);
    await this.put(record);
    return record;
  }

  put(record: DeviceRecord): Promise<void> {
    return this.#store.put(deviceRecordKey(record), record);
  }

  /**
   * Changes members of a record; one change after the other, so that none gets lost. What is undefined
   * goes.
   */
  update(device: DeviceId, change: DeviceChange): Promise<void> {
    const updated = this.#updates.then(async () => {
      const record = await this.get(device);
      if (record) await this.put({ ...record, ...change } as DeviceRecord);
    });
    this.#updates = updated.catch(() => {});
    return updated;
  }

  /** Removes a device, after the changes that are under way. */
  delete(device: DeviceId): Promise<void> {
    const deleted = this.#updates.then(async () => {
      const record = await this.get(device);
      if (record) await this.#store.delete(`iot-id/${record.iotId}`);
      await this.#store.delete(deviceRecordKey(device));
    });
    this.#updates = deleted.catch(() => {});
    return deleted;
  }

  /** All devices of a product by name. */
  async list(productKey: string): Promise<DeviceRecord[]> {
    const entries = await this.#store.range<DeviceRecord>(prefixRange(`device/${productKey}/`));
    return entries.map(([, record]) => record);
  }
}

function deviceRecordKey({ productKey, deviceName }: DeviceId): string {
  return `device/${productKey}/${deviceName}`;
}
