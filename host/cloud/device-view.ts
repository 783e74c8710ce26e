/**
 * What the platform knows of one device, for programs.
 * @module
 */
import type { Broker } from "./broker/broker.ts";
import type { DeviceId } from "./device-id.ts";
import { CloudError } from "./errors.ts";
import type { Catalog } from "./products/catalog.ts";
import type { DeviceRecord, DeviceRecords } from "./store/device-records.ts";
import type { History, HistoryEntry, HistoryQuery, TimedValue } from "./store/history.ts";
import type { ModuleRecord, VersionRecords } from "./store/version-records.ts";

/** `UNACTIVE`: never logged on (sic, as the OpenAPI spells it). */
export type DeviceStatus = "ONLINE" | "OFFLINE" | "UNACTIVE" | "DISABLE";

export interface Registry {
  broker: Broker;
  catalog: Catalog;
  devices: DeviceRecords;
  history: History;
  versions: VersionRecords;
}

export class DeviceView {
  readonly id: DeviceId;
  readonly #registry: Registry;

  constructor(registry: Registry, id: DeviceId) {
    this.#registry = registry;
    this.id = id;
  }

  /** @throws CloudError `iot.device.NotExistedDevice`. */
  async record(): Promise<DeviceRecord> {
    const record = await this.#registry.devices.get(this.id);
    if (!record) {
      const { productKey, deviceName } = this.id;
      throw new CloudError(
        "iot.device.NotExistedDevice",
        `device ${deviceName} of product ${productKey} does not exist`,
        { kind: "noDevice", deviceName },
      );
    }
    return record;
  }

  async status(): Promise<DeviceStatus> {
    return statusOf(await this.record(), this.#registry.broker);
  }

  /** Current values by identifier. */
  async properties(): Promise<Record<string, TimedValue>> {
    return this.#registry.history.values(this.id);
  }

  /** Values of one property, newest first unless asked otherwise. */
  propertyHistory(identifier: string, query: HistoryQuery = {}): Promise<HistoryEntry[]> {
    return this.#registry.history.query("property", this.id, {
      ...query,
      identifiers: [identifier],
    });
  }

  /** Events, oldest first unless asked otherwise. */
  events(query: HistoryQuery = {}): Promise<HistoryEntry[]> {
    return this.#registry.history.query("event", this.id, { ascending: true, ...query });
  }

  /** Service calls that were answered, oldest first unless asked otherwise. */
  services(query: HistoryQuery = {}): Promise<HistoryEntry[]> {
    return this.#registry.history.query("service", this.id, { ascending: true, ...query });
  }

  /** Raw data in base64 as they came, oldest first unless asked otherwise. */
  rawData(query: HistoryQuery = {}): Promise<HistoryEntry[]> {
    return this.#registry.history.query("raw", this.id, { ascending: true, ...query });
  }

  /** Modules with version and progress. */
  otaVersions(): Promise<ModuleRecord[]> {
    return this.#registry.versions.list(this.id);
  }
}

export function statusOf(record: DeviceRecord, broker: Broker): DeviceStatus {
  if (record.disabled) return "DISABLE";
  if (broker.session(record)?.online) return "ONLINE";
  return record.activeAt === undefined ? "UNACTIVE" : "OFFLINE";
}
