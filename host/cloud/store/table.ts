/**
 * A small table of the store that is also held in memory: read at once, written behind in order.
 * @module
 */
import { type OrderedStore, prefixRange } from "./ordered-store.ts";

export class Table<T> {
  readonly #store: OrderedStore;
  readonly #prefix: string;
  readonly #rows = new Map<string, T>();
  readonly #groupOf: ((row: T) => string) | undefined;
  /** Ids by group. */
  readonly #groups = new Map<string, Set<string>>();
  /** The end of the queue of writes. */
  #written: Promise<void> = Promise.resolve();

  private constructor(store: OrderedStore, prefix: string, groupOf?: (row: T) => string) {
    this.#store = store;
    this.#prefix = prefix;
    this.#groupOf = groupOf;
  }

  /**
   * @param prefix of the keys, e.g. `"ota/task/"`.
   * @param groupOf what rows are found together by, e.g. their device; see `of`.
   */
  static async load<T>(
    store: OrderedStore,
    prefix: string,
    groupOf?: (row: T) => string,
  ): Promise<Table<T>> {
    const table = new Table<T>(store, prefix, groupOf);
    for (const [key, row] of await store.range<T>(prefixRange(prefix))) {
      table.#hold(key.slice(prefix.length), row);
    }
    return table;
  }

  get(id: string): T | undefined {
    return this.#rows.get(id);
  }

  /** All rows in order of their ids; rows are not to be changed in place. */
  list(): T[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  /** The rows of a group in order of their ids. */
  of(group: string): T[] {
    return [...(this.#groups.get(group) ?? [])].sort().map((id) => this.#rows.get(id) as T);
  }

  put(id: string, row: T): void {
    this.#drop(id);
    this.#hold(id, row);
    this.#write(() => this.#store.put(this.#prefix + id, row));
  }

  delete(id: string): void {
    this.#drop(id);
    this.#rows.delete(id);
    this.#write(() => this.#store.delete(this.#prefix + id));
  }

  /** Waits until everything is in the store. @throws what the store throws. */
  flush(): Promise<void> {
    return this.#written;
  }

  #hold(id: string, row: T): void {
    this.#rows.set(id, row);
    const group = this.#groupOf?.(row);
    if (group === undefined) return;
    const ids = this.#groups.get(group);
    if (ids) ids.add(id);
    else this.#groups.set(group, new Set([id]));
  }

  /** Takes a row out of its group. */
  #drop(id: string): void {
    const row = this.#rows.get(id);
    const group = row === undefined ? undefined : this.#groupOf?.(row);
    if (group === undefined) return;
    const ids = this.#groups.get(group);
    ids?.delete(id);
    if (ids?.size === 0) this.#groups.delete(group);
  }

  #write(write: () => Promise<void>): void {
    this.#written = this.#written.then(write);
    // Whoever flushes gets the error; nobody else may be waiting.
    this.#written.catch(() => {});
  }
}

let last = 0;

/** An id of 24 letters and digits that sorts by the time at which it was made. */
export function newId(): string {
  last = Math.max(Date.now() * 1000, last + 1);
  const random = Math.random().toString(36).slice(2).padEnd(13, "0").slice(0, 13);
  return `${last.toString(36).padStart(11, "0")}${random}`;
}
