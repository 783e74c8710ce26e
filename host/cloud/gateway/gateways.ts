/**
 * Gateways and their sub-devices: who belongs to whom, who is online through whom, and what gateways
 * are told.
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { Keeper } from "../lifecycle/lifecycle.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Topology } from "../store/topology.ts";
import { parseObject } from "../thing/alink.ts";
import type { Notices } from "../thing/notices.ts";
import { type Entry, nameOf } from "./entries.ts";
import { Notifier, TopoStatus } from "./notifier.ts";
import { requireGateway } from "./offer.ts";
import { type PackParts, PackPosts } from "./pack-posts.ts";
import { type RegistrationParts, SubDeviceRegistrations } from "./registrations.ts";
import { isThrough, SubDeviceSessions } from "./sessions.ts";
import { type TopologyParts, TopologyRequests } from "./topology-requests.ts";

export interface GatewayParts extends TopologyParts, PackParts, RegistrationParts {
  ids: MessageIds;
  notices: Notices;
}

export class Gateways implements Keeper {
  readonly topology: Topology;
  readonly #broker: Broker;
  readonly #notifier: Notifier;
  readonly #requests: TopologyRequests;
  readonly #catalog: TopologyParts["catalog"];
  /** What has to be told, one after the other. */
  #told: Promise<void> = Promise.resolve();

  constructor(parts: GatewayParts) {
    const { broker, topology, router, ids, notices, catalog } = parts;
    this.topology = topology;
    this.#broker = broker;
    this.#catalog = catalog;
    this.#notifier = new Notifier(router, ids, notices);
    this.#requests = new TopologyRequests(parts);
    new SubDeviceSessions(parts);
    new SubDeviceRegistrations(parts);
    new PackPosts(parts);
    broker.on("displaced", (device, gateway) => {
      this.#tell(() => this.#notifier.error(gateway, device, 427));
    });
    broker.on("stranger", (publisher, owner, { payload }) => {
      if (catalog.get(publisher.productKey)?.nodeType !== "gateway") return;
      if (!catalog.get(owner.productKey)) return;
      const { id } = parseObject(payload) ?? {};
      const known = typeof id === "string" || typeof id === "number" ? id : undefined;
      this.#tell(() => this.#notifier.error(publisher, owner, 520, known));
    });
  }

  /** Asks a gateway to add sub-devices. @throws Refused 460 for a device that is no gateway. */
  askToAdd(gateway: DeviceId, devices: DeviceId[]) {
    requireGateway(this.#catalog, gateway);
    return this.#notifier.askToAdd(gateway, devices);
  }

  /**
   * Gives sub-devices to a gateway, all or none, and tells it; other gateways that have them lose
   * them. @throws Refused.
   */
  async add(gateway: DeviceId, entries: Entry[]): Promise<void> {
    requireGateway(this.#catalog, gateway);
    for (const entry of entries) await this.#requests.check(entry, gateway, true);
    this.#requests.checkRoom(entries, gateway);
    for (const entry of entries) {
      const before = this.topology.gatewayOf(entry);
      if (before && deviceKey(before) !== deviceKey(gateway)) await this.#release(entry, before);
      this.topology.bind(entry, gateway);
    }
    await this.topology.flush();
    await this.#notifier.topologyChanged(gateway, TopoStatus.created, entries);
  }

  /** Takes a sub-device from its gateway, or all from a gateway, and tells it. */
  async remove(device: DeviceId): Promise<void> {
    const gateway = this.topology.gatewayOf(device);
    if (gateway) await this.#release(device, gateway);
    for (const sub of this.topology.subDevices(device)) await this.#release(sub, device);
    await this.topology.flush();
  }

  /** A device was switched off or on: its gateway hears of it. */
  async switched(device: DeviceId, on: boolean): Promise<void> {
    const gateway = this.topology.gatewayOf(device);
    if (!gateway) return;
    if (!on) await this.#notifier.error(gateway, device, 522);
    const status = on ? TopoStatus.enabled : TopoStatus.disabled;
    await this.#notifier.topologyChanged(gateway, status, [device]);
  }

  /** A device was deleted, with its place in the topology. */
  async forget(device: DeviceId): Promise<void> {
    const gateway = this.topology.gatewayOf(device);
    for (const sub of this.topology.subDevices(device)) this.topology.release(sub);
    this.topology.release(device);
    await this.topology.flush();
    if (!gateway) return;
    await this.#notifier.error(gateway, device, 521);
    await this.#notifier.topologyChanged(gateway, TopoStatus.deleted, [device]);
  }

  /** Waits for what is being told. */
  async close(): Promise<void> {
    await this.#told;
    await this.topology.flush();
  }

  async #release(device: DeviceId, gateway: DeviceId): Promise<void> {
    this.topology.release(device);
    if (isThrough(this.#broker, device, gateway)) {
      await this.#broker.disconnect(device, "topology deleted");
      await this.#notifier.error(gateway, device, 6401);
    }
    await this.#notifier.topologyChanged(gateway, TopoStatus.deleted, [nameOf(device)]);
  }

  #tell(tell: () => Promise<void>): void {
    this.#told = this.#told.then(tell).catch((error: unknown) => {
      process.emitWarning(`a gateway was not told: ${String(error)}`);
    });
  }
}
