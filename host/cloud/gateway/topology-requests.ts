/**
 * Gateways that say which sub-devices they have
 * (help.aliyun.com/document_detail/89299.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { SUB_DEVICES_MAX, TOPOLOGY_BATCH_MAX } from "../defaults.ts";
import { DEVICE_NAME, type DeviceId, deviceKey } from "../device-id.ts";
import type { Catalog } from "../products/catalog.ts";
import type { Router } from "../router.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { Topology } from "../store/topology.ts";
import type { Answer } from "../thing/request.ts";
import { checkSign, type Entry, nameOf, readEntries, SUB_DEVICE_SIGNED } from "./entries.ts";
import { offerToGateways } from "./offer.ts";
import { Refused } from "./refused.ts";
import { isThrough } from "./sessions.ts";

export interface TopologyParts {
  broker: Broker;
  router: Router;
  catalog: Catalog;
  devices: DeviceRecords;
  topology: Topology;
}

export class TopologyRequests {
  readonly #parts: TopologyParts;

  constructor(parts: TopologyParts) {
    this.#parts = parts;
    const offer = (path: string, handle: (params: unknown, gateway: DeviceId) => Promise<Answer>) =>
      offerToGateways(parts, `/sys/{own}/thing/${path}`, handle);
    offer("topo/add", (params, gateway) => this.#add(params, gateway));
    offer("topo/delete", (params, gateway) => this.#delete(params, gateway));
    offer("topo/get", async (_params, gateway) => {
      return { code: 200, data: parts.topology.subDevices(gateway).map(nameOf) };
    });
    offer("list/found", (params) => this.#found(params));
  }

  /**
   * Checks that a gateway may have a sub-device.
   * @throws Refused 460, 401, 6100, 6402, or 6619 when `mayTake` is false.
   */
  async check(entry: Entry, gateway: DeviceId, mayTake: boolean): Promise<void> {
    const { catalog, devices, topology } = this.#parts;
    if (deviceKey(entry) === deviceKey(gateway)) throw new Refused(6402);
    const record = await devices.get(entry);
    if (!record) throw new Refused(6100, entry.deviceName);
    if (catalog.get(entry.productKey)?.nodeType === "gateway") {
      throw new Refused(460, `${entry.deviceName} is a gateway itself`);
    }
    checkSign(entry, record.deviceSecret, SUB_DEVICE_SIGNED, 401);
    const owner = topology.gatewayOf(entry);
    if (owner && deviceKey(owner) !== deviceKey(gateway) && !mayTake) {
      throw new Refused(6619, entry.deviceName);
    }
  }

  /** @throws Refused 6400 when a gateway would have too many. */
  checkRoom(entries: Entry[], gateway: DeviceId): void {
    const all = new Set([...this.#parts.topology.subDevices(gateway), ...entries].map(deviceKey));
    if (all.size > SUB_DEVICES_MAX) throw new Refused(6400);
  }

  /** All of them or none. */
  async #add(params: unknown, gateway: DeviceId): Promise<Answer> {
    const { topology } = this.#parts;
    const entries = readEntries(params, TOPOLOGY_BATCH_MAX);
    for (const entry of entries) await this.check(entry, gateway, false);
    this.checkRoom(entries, gateway);
    for (const entry of entries) topology.bind(entry, gateway);
    await topology.flush();
    return { code: 200, data: entries.map(nameOf) };
  }

  async #delete(params: unknown, gateway: DeviceId): Promise<Answer> {
    const { broker, devices, topology } = this.#parts;
    const entries = readEntries(params, SUB_DEVICES_MAX);
    for (const entry of entries) {
      if (!(await devices.get(entry))) throw new Refused(6100, entry.deviceName);
      const owner = topology.gatewayOf(entry);
      if (!owner || deviceKey(owner) !== deviceKey(gateway)) {
        throw new Refused(6401, entry.deviceName);
      }
    }
    for (const entry of entries) {
      topology.release(entry);
      if (isThrough(broker, entry, gateway)) await broker.disconnect(entry, "topology deleted");
    }
    await topology.flush();
    return { code: 200, data: entries.map(nameOf) };
  }

  /** Devices that a gateway sees around it; an operator decides what becomes of them. */
  async #found(params: unknown): Promise<Answer> {
    const { catalog } = this.#parts;
    const entries = readEntries(params, SUB_DEVICES_MAX);
    for (const { productKey, deviceName } of entries) {
      if (!catalog.get(productKey)) throw new Refused(6250, productKey);
      if (!DEVICE_NAME.test(deviceName)) throw new Refused(6280, deviceName);
    }
    return { code: 200, data: {} };
  }
}
