/**
 * Synchronous services arrive as an RRPC whose payload is an ordinary service call; remembered is
 * where the answer goes, so that the application needs not tell them apart.
 * @module
 */

/** The platform gives up after 8 s at the latest: more than this many are never open. */
const OPEN = 8;
const METHOD = "thing.service.";

export class SyncCalls {
  /** Oldest first. */
  open: { id: string; topic: string }[] = [];

  /** The service that an RRPC calls, to be answered on `topic`; undefined when it calls none. */
  accept(data: any, topic: string): string | undefined {
    if (data.id === undefined || typeof data.method !== "string") return undefined;
    if (!data.method.startsWith(METHOD)) return undefined;
    this.open.push({ id: "" + data.id, topic: topic });
    if (this.open.length > OPEN) this.open.shift();
    return data.method.substr(METHOD.length);
  }

  /** Where the call `id` is answered, once. */
  take(id: string): string | undefined {
    for (let i = 0; i < this.open.length; i++) {
      if (this.open[i].id === "" + id) return this.open.splice(i, 1)[0].topic;
    }
    return undefined;
  }
}
