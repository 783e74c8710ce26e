/**
 * Values by MQTT filter. A platform asks with each message, so filters without wildcards are looked up
 * and the others are kept as levels.
 * @module
 */
import { covers } from "./topic.ts";

interface Entry<T> {
  /** Place among all filters. */
  order: number;
  value: T;
}

export class TopicTable<T> {
  readonly #exact = new Map<string, Entry<T>>();
  readonly #wild: (Entry<T> & { levels: string[] })[] = [];

  constructor(entries: Iterable<readonly [filter: string, value: T]> = []) {
    for (const [filter, value] of entries) this.add(filter, value);
  }

  /** Adds a filter after those that are there; of two that cover a topic, the first counts. */
  add(filter: string, value: T): void {
    const entry = { order: this.#exact.size + this.#wild.length, value };
    if (/[+#]/.test(filter)) this.#wild.push({ ...entry, levels: filter.split("/") });
    else if (!this.#exact.has(filter)) this.#exact.set(filter, entry);
  }

  /** The value of the first filter that covers a topic. */
  get(topic: string): T | undefined {
    const exact = this.#exact.get(topic);
    const before = exact?.order ?? Number.POSITIVE_INFINITY;
    const levels = this.#wild.length > 0 ? topic.split("/") : [];
    for (const { order, levels: wanted, value } of this.#wild) {
      if (order > before) break;
      if (covers(wanted, levels)) return value;
    }
    return exact?.value;
  }
}
