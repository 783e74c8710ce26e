/**
 * State that lives as long as the process: for tests and throw-away platforms.
 * @module
 */
import type { OrderedStore, Range } from "./ordered-store.ts";

export class MemoryStore implements OrderedStore {
  readonly #values = new Map<string, string>();
  readonly #keys: string[] = [];

  async get<T>(key: string): Promise<T | undefined> {
    const json = this.#values.get(key);
    return json === undefined ? undefined : (JSON.parse(json) as T);
  }

  async put(key: string, value: unknown): Promise<void> {
    if (!this.#values.has(key)) this.#keys.splice(this.#position(key), 0, key);
    this.#values.set(key, JSON.stringify(value));
  }

  async delete(key: string): Promise<void> {
    if (this.#values.delete(key)) this.#keys.splice(this.#position(key), 1);
  }

  async range<T>({ from, to, reverse, limit }: Range): Promise<[string, T][]> {
    let keys = this.#keys.slice(this.#position(from), this.#position(to));
    if (reverse) keys.reverse();
    if (limit !== undefined) keys = keys.slice(0, limit);
    return keys.map((key) => [key, JSON.parse(this.#values.get(key) as string) as T]);
  }

  async close(): Promise<void> {}

  /** Index of the first key that is not less than `key`. */
  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
