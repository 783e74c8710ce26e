/**
 * What devices reported: the current value of each property and series of properties, events,
 * service calls and raw data in order of time.
 * @module
 */
import { EventEmitter } from "node:events";
import { HISTORY_MAX } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import { type OrderedStore, prefixRange } from "./ordered-store.ts";

export type SeriesKind = "property" | "event" | "service" | "raw";

/** A current value. */
export interface TimedValue {
  value: unknown;
  /** Milliseconds since 1970, as the device gave it or else when it arrived. */
  time: number;
}

/** An entry of a series: a property's value, an event's output, a service call, raw data in base64. */
export interface HistoryEntry {
  identifier: string;
  time: number;
  value: unknown;
}

export interface HistoryQuery {
  /** All identifiers of the kind when absent. */
  identifiers?: string[];
  /** Milliseconds since 1970, both inclusive. */
  from?: number;
  to?: number;
  /** Oldest first; else newest first. */
  ascending?: boolean;
  limit?: number;
}

interface HistoryEvents {
  /** After each new entry. */
  append: [kind: SeriesKind, device: DeviceId, entry: HistoryEntry];
}

const TIME_DIGITS = 15;
const END_OF_TIME = 10 ** TIME_DIGITS - 1;

export class History extends EventEmitter<HistoryEvents> {
  readonly #store: OrderedStore;
  readonly #max: number;
  /** Entries beyond the maximum that may gather before they are removed at once. */
  readonly #spare: number;
  /** Makes entries of the same millisecond distinct, across restarts too. */
  readonly #start = Date.now().toString(36);
  #sequence = 0;
  /** Entries of each series; not a number: not counted yet. */
  readonly #lengths = new Map<string, number>();
  /** Of the series that are being counted or cut. */
  readonly #trims = new Map<string, Promise<void>>();

  /** @param max entries kept per series. */
  constructor(store: OrderedStore, max = HISTORY_MAX) {
    super();
    this.#store = store;
    this.#max = max;
    this.#spare = Math.floor(max / 100);
  }

  /** Sets a current value; resolves when it is kept. */
  setValue(device: DeviceId, identifier: string, value: TimedValue): Promise<void> {
    return this.#store.put(`value/${path(device)}/${identifier}`, value);
  }

  /** Current values by identifier. */
  async values(device: DeviceId): Promise<Record<string, TimedValue>> {
    const prefix = `value/${path(device)}/`;
    const entries = await this.#store.range<TimedValue>(prefixRange(prefix));
    return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
  }

  /** Appends to a series; beyond the maximum the oldest go. Resolves when it is kept. */
  async append(kind: SeriesKind, device: DeviceId, entry: HistoryEntry): Promise<void> {
    const series = `${kind}/${path(device)}/${entry.identifier}/`;
    const sequence = (this.#sequence++).toString(36).padStart(8, "0");
    const key = `${series}${digits(entry.time)}/${this.#start}${sequence}`;
    const kept = this.#store.put(key, entry.value);
    const length = (this.#lengths.get(series) ?? Number.NaN) + 1;
    this.#lengths.set(series, length);
    await kept;
    if (!(length <= this.#max + this.#spare)) await this.#trimmed(series);
    this.emit("append", kind, device, entry);
  }

  /** Removes all of a device. */
  async forget(device: DeviceId): Promise<void> {
    for (const kind of ["value", "property", "event", "service"]) {
      const prefix = `${kind}/${path(device)}/`;
      for (const [key] of await this.#store.range(prefixRange(prefix))) {
        await this.#store.delete(key);
      }
      for (const series of this.#lengths.keys()) {
        if (series.startsWith(prefix)) this.#lengths.delete(series);
      }
    }
  }

  async query(
    kind: SeriesKind,
    device: DeviceId,
    query: HistoryQuery = {},
  ): Promise<HistoryEntry[]> {
    const { from = 0, to = END_OF_TIME, ascending = false } = query;
    const { limit = this.#max } = query;
    const names = query.identifiers ?? (await this.#names(kind, device));
    const lists = await Promise.all(
      names.map(async (name) => {
        const series = `${kind}/${path(device)}/${name}/`;
        const range = {
          from: series + digits(from),
          to: `${series}${digits(to)}/\uffff`,
          reverse: !ascending,
          limit,
        };
        const entries = await this.#store.range(range);
        return entries.map(([key, value]) => ({ key, entry: entryOf(key, series, name, value) }));
      }),
    );
    const merged = lists.flat().sort((a, b) => a.entry.time - b.entry.time || order(a.key, b.key));
    if (!ascending) merged.reverse();
    return merged.slice(0, limit).map(({ entry }) => entry);
  }

  /** Identifiers that have a series, found by jumping from one to the next. */
  async #names(kind: SeriesKind, device: DeviceId): Promise<string[]> {
    const prefix = `${kind}/${path(device)}/`;
    const names: string[] = [];
    let { from, to } = prefixRange(prefix);
    for (;;) {
      const [first] = await this.#store.range({ from, to, limit: 1 });
      if (!first) return names;
      const name = first[0].slice(prefix.length).split("/")[0] as string;
      names.push(name);
      from = prefixRange(`${prefix}${name}/`).to;
    }
  }

  /** Counts a series unless that is done, and removes what is too much; once at a time. */
  #trimmed(series: string): Promise<void> {
    let trim = this.#trims.get(series);
    if (!trim) {
      trim = this.#trim(series).finally(() => this.#trims.delete(series));
      this.#trims.set(series, trim);
    }
    return trim;
  }

  async #trim(series: string): Promise<void> {
    const known = this.#lengths.get(series) as number;
    const length = Number.isNaN(known) ? await this.#count(series) : known;
    if (Number.isNaN(known)) this.#lengths.set(series, length);
    if (length <= this.#max + this.#spare) return;
    const count = length - this.#max;
    const oldest = await this.#store.range({ ...prefixRange(series), limit: count });
    await Promise.all(oldest.map(([key]) => this.#store.delete(key)));
    // More may have come meanwhile.
    this.#lengths.set(series, (this.#lengths.get(series) ?? Number.NaN) - count);
  }

  async #count(series: string): Promise<number> {
    return (await this.#store.range(prefixRange(series))).length;
  }
}

function entryOf(key: string, series: string, identifier: string, value: unknown): HistoryEntry {
  return { identifier, time: Number(key.slice(series.length, series.length + TIME_DIGITS)), value };
}

function path({ productKey, deviceName }: DeviceId): string {
  return `${productKey}/${deviceName}`;
}

function digits(time: number): string {
  return String(time).padStart(TIME_DIGITS, "0");
}

function order(a: string, b: string): number {
  // Within one millisecond in order of arrival: what follows the time.
  const tail = (key: string) => key.slice(key.lastIndexOf("/"));
  return tail(a) < tail(b) ? -1 : 1;
}
