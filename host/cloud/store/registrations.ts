/**
 * What dynamic registration has left: the client ids and tokens of devices without pre-registration,
 * and which products allow it.
 * @module
 */
import type { DeviceId } from "../device-id.ts";
import type { OrderedStore } from "./ordered-store.ts";

/** One log-on that was given to a device (`regnwl`). */
export interface ClientRecord {
  clientId: string;
  deviceToken: string;
  /** Milliseconds since 1970. */
  createdAt: number;
}

export class Registrations {
  readonly #store: OrderedStore;

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  /** The switch of a product, as it was set last; undefined: the product file decides. */
  async allowed(productKey: string): Promise<boolean | undefined> {
    return (await this.#store.get<{ on: boolean }>(switchKey(productKey)))?.on;
  }

  allow(productKey: string, on: boolean): Promise<void> {
    return this.#store.put(switchKey(productKey), { on });
  }

  /** Client ids of a device, oldest first. */
  async clients(device: DeviceId): Promise<ClientRecord[]> {
    return (await this.#store.get<ClientRecord[]>(clientsKey(device))) ?? [];
  }

  async add(device: DeviceId, client: ClientRecord): Promise<void> {
    await this.#store.put(clientsKey(device), [...(await this.clients(device)), client]);
  }

  clear(device: DeviceId): Promise<void> {
    return this.#store.delete(clientsKey(device));
  }
}

function switchKey(productKey: string): string {
  return `registration/${productKey}`;
}

function clientsKey({ productKey, deviceName }: DeviceId): string {
  return `client-ids/${productKey}/${deviceName}`;
}
