/**
 * The one interface to the platform's state: JSON values under text keys that are kept in order.
 * @module
 */

export interface Range {
  /** First key (inclusive). */
  from: string;
  /** End (exclusive). */
  to: string;
  /** Last key first. */
  reverse?: boolean;
  /** Most entries to return; all when absent. */
  limit?: number;
}

/** Keys are ordered by UTF-16 code units; use ASCII. Values are JSON and never shared with callers. */
export interface OrderedStore {
  get<T>(key: string): Promise<T | undefined>;
  /**
   * Reads find it from now on. Resolves when it is kept, from then on also if the process is killed; so
   * is all that was put before. What is put in one turn of the event loop is kept together.
   */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Entries of a range, in order. */
  range<T>(range: Range): Promise<[key: string, value: T][]>;
  close(): Promise<void>;
}

/** The range of all keys that begin with a prefix. */
export function prefixRange(prefix: string): Range {
  return { from: prefix, to: `${prefix}\uffff` };
}
