/**
 * Synchronous services arrive as an RRPC whose payload is an ordinary service call; remembered is
 * which RRPC an answer belongs to, so that the application needs not tell them apart.
 * @module
 */

/** The platform gives up after 8 s at the latest: more than this many are never open. */
const OPEN = 8;
const METHOD = "thing.service.";

export class SyncCalls {
  private open: { id: string; rrpcId: string }[] = [];

  /** The service that an RRPC calls, noted; undefined when the RRPC is none of a service. */
  accept(data: any, rrpcId: string): string | undefined {
    if (data.id === undefined || typeof data.method !== "string") return undefined;
    if (!data.method.startsWith(METHOD)) return undefined;
    this.open.push({ id: "" + data.id, rrpcId: rrpcId });
    if (this.open.length > OPEN) this.open.shift();
    return data.method.substr(METHOD.length);
  }

  /** The RRPC that the call `id` came in, once. */
  take(id: string): string | undefined {
    for (let i = 0; i < this.open.length; i++) {
      if (this.open[i].id === "" + id) return this.open.splice(i, 1)[0].rrpcId;
    }
    return undefined;
  }
}
