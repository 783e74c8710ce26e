/**
 * The devices as the list shows them.
 * @module
 */
import type { DeviceId } from "../cloud/device-id.ts";
import { deviceKey } from "../cloud/device-id.ts";
import { type Cloud, statusOf, type TraceMessage, type TraceStatus } from "../cloud/index.ts";
import type { DeviceRecord } from "../cloud/store/device-records.ts";
import type { ModuleRecord } from "../cloud/store/version-records.ts";
import type { DeviceRow, ModuleVersion, Overview } from "./protocol.ts";

export class Directory {
  readonly #cloud: Pick<Cloud, "registry" | "gateways" | "trace">;
  /** When each device was last heard of since the start. */
  readonly #heard = new Map<string, number>();
  readonly #stop: () => void;

  constructor(cloud: Pick<Cloud, "registry" | "gateways" | "trace">) {
    this.#cloud = cloud;
    const message = ({ device, direction, at }: TraceMessage) => {
      if (direction === "up") this.#heard.set(deviceKey(device), at);
    };
    const status = ({ device, at }: TraceStatus) => {
      this.#heard.set(deviceKey(device), at);
    };
    cloud.trace.on("message", message).on("status", status);
    this.#stop = () => cloud.trace.off("message", message).off("status", status);
  }

  async overview(): Promise<Overview> {
    const { catalog, devices, versions } = this.#cloud.registry;
    const products = catalog.list().map(({ productKey, name }) => ({ productKey, name }));
    const rows: DeviceRow[] = [];
    for (const { productKey } of products) {
      const modules = await versions.ofProduct(productKey);
      for (const record of await devices.list(productKey)) {
        rows.push(this.#row(record, modules.get(record.deviceName) ?? []));
      }
    }
    return { products, devices: rows };
  }

  /** One device; undefined when there is none. */
  async row(device: DeviceId): Promise<DeviceRow | undefined> {
    const { devices, versions } = this.#cloud.registry;
    const record = await devices.get(device);
    return record && this.#row(record, await versions.list(device));
  }

  close(): void {
    this.#stop();
  }

  #row(record: DeviceRecord, modules: ModuleRecord[]): DeviceRow {
    const { productKey, deviceName, nickname, onlineAt = 0, offlineAt = 0 } = record;
    const lastSeen = Math.max(onlineAt, offlineAt, this.#heard.get(deviceKey(record)) ?? 0);
    const gateway = this.#cloud.gateways.topology.gatewayOf(record);
    return {
      productKey,
      deviceName,
      nickname,
      ...(gateway ? { gateway } : {}),
      status: statusOf(record, this.#cloud.registry.broker),
      versions: modules.flatMap(versionOf),
      ...(lastSeen > 0 ? { lastSeen } : {}),
    };
  }
}

function versionOf({ module, version }: ModuleRecord): ModuleVersion[] {
  return version === undefined ? [] : [{ module, version }];
}
