/**
 * Which sub-devices belong to which gateway.
 * @module
 */
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { OrderedStore } from "./ordered-store.ts";
import { Table } from "./table.ts";

/** A sub-device and its gateway; the time in milliseconds since 1970. */
export interface Bond extends DeviceId {
  gateway: DeviceId;
  since: number;
}

export class Topology {
  readonly #bonds: Table<Bond>;

  private constructor(bonds: Table<Bond>) {
    this.#bonds = bonds;
  }

  static async load(store: OrderedStore): Promise<Topology> {
    return new Topology(await Table.load<Bond>(store, "topology/", byGateway));
  }

  gatewayOf(device: DeviceId): DeviceId | undefined {
    return this.#bonds.get(rowId(device))?.gateway;
  }

  /** The sub-devices of a gateway, by product and name. */
  subDevices(gateway: DeviceId): DeviceId[] {
    return this.#bonds.of(deviceKey(gateway));
  }

  /** Gives a sub-device to a gateway, and takes it from another one that has it. */
  bind({ productKey, deviceName }: DeviceId, gateway: DeviceId): void {
    const bond = { productKey, deviceName, gateway, since: Date.now() };
    this.#bonds.put(rowId(bond), bond);
  }

  release(device: DeviceId): void {
    this.#bonds.delete(rowId(device));
  }

  /** Waits until everything is in the store. */
  flush(): Promise<void> {
    return this.#bonds.flush();
  }
}

function byGateway({ gateway }: Bond): string {
  return deviceKey(gateway);
}

function rowId({ productKey, deviceName }: DeviceId): string {
  return `${productKey}/${deviceName}`;
}
