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
  put(key: string, value: unknown): Promise<void>;
  /**
   * Puts what comes often: reads find it from now on, and it is kept within moments, or when the store
   * is closed. Gives what has to be awaited before more is put, if anything.
   */
  putSoon(key: string, value: unknown): Promise<void> | undefined;
  delete(key: string): Promise<void>;
  /** Entries of a range, in order. */
  range<T>(range: Range): Promise<[key: string, value: T][]>;
  close(): Promise<void>;
}

/** The range of all keys that begin with a prefix. */
export function prefixRange(prefix: string): Range {
  return { from: prefix, to: `${prefix}\uffff` };
}
