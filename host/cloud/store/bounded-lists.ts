/**
 * A list of entries for each device, of which the newest are kept.
 * @module
 */
import { type DeviceId, deviceKey } from "../device-id.ts";
import { type OrderedStore, prefixRange } from "./ordered-store.ts";

/** The numbers of a list's first entry and of the one to come. */
interface Span {
  first: number;
  next: number;
}

export class BoundedLists<T> {
  readonly #store: OrderedStore;
  readonly #prefix: string;
  readonly #most: number;
  readonly #spans = new Map<string, Span>();
  /** The end of the queue of changes. */
  #changed: Promise<unknown> = Promise.resolve();

  /** @param prefix of the keys, e.g. `"log/"`; `most`: entries of a device. */
  constructor(store: OrderedStore, prefix: string, most: number) {
    this.#store = store;
    this.#prefix = prefix;
    this.#most = most;
  }

  /** Adds entries; beyond the maximum the oldest go. */
  append(device: DeviceId, entries: T[]): Promise<void> {
    return this.#queue(async () => {
      const prefix = this.#prefixOf(device);
      const span = await this.#spanOf(device);
      for (const entry of entries) await this.#store.put(prefix + digits(span.next++), entry);
      while (span.next - span.first > this.#most) {
        await this.#store.delete(prefix + digits(span.first++));
      }
    });
  }

  /** All entries of a device, oldest first. */
  async list(device: DeviceId): Promise<T[]> {
    const entries = await this.#store.range<T>(prefixRange(this.#prefixOf(device)));
    return entries.map(([, entry]) => entry);
  }

  /** Removes all of a device. */
  clear(device: DeviceId): Promise<void> {
    return this.#queue(async () => {
      this.#spans.delete(deviceKey(device));
      const entries = await this.#store.range(prefixRange(this.#prefixOf(device)));
      for (const [key] of entries) await this.#store.delete(key);
    });
  }

  #queue(change: () => Promise<void>): Promise<void> {
    const changed = this.#changed.then(change);
    this.#changed = changed.catch(() => {});
    return changed;
  }

  async #spanOf(device: DeviceId): Promise<Span> {
    const key = deviceKey(device);
    let span = this.#spans.get(key);
    if (!span) {
      const prefix = this.#prefixOf(device);
      const range = { ...prefixRange(prefix), limit: 1 };
      const [first] = await this.#store.range(range);
      const [last] = await this.#store.range({ ...range, reverse: true });
      const number = (entry: [string, unknown]) => Number(entry[0].slice(prefix.length));
      span = { first: first ? number(first) : 0, next: last ? number(last) + 1 : 0 };
      this.#spans.set(key, span);
    }
    return span;
  }

  #prefixOf({ productKey, deviceName }: DeviceId): string {
    return `${this.#prefix}${productKey}/${deviceName}/`;
  }
}

function digits(number: number): string {
  return String(number).padStart(12, "0");
}
