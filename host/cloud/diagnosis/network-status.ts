/**
 * What devices report of their network: the state now, or earlier ones that were kept
 * (help.aliyun.com/document_detail/195062.html).
 * @module
 */
import { NETWORK_STATUS_BATCH_MAX, NETWORK_STATUS_KEPT_MAX } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Router, UpMessage } from "../router.ts";
import { BoundedLists } from "../store/bounded-lists.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { isObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import { type Answer, offerRequest, parameterError } from "../thing/request.ts";

/** One reported state. */
export interface NetworkReport {
  /** When it was so, milliseconds since 1970. */
  time: number;
  /** Whether it came in the history form. */
  late: boolean;
  /** By kind of network, e.g. `{wifi: {rssi: -61}}`, as the device gave it. */
  values: Record<string, unknown>;
}

const SIMPLE = "format=simple|quantity=single|time=now";
const HISTORY = "format=simple|quantity=batch|time=history";

export class NetworkStatus {
  readonly #reports: BoundedLists<NetworkReport>;
  readonly #router: Router;
  readonly #ids: MessageIds;

  constructor(store: OrderedStore, router: Router, ids: MessageIds) {
    this.#reports = new BoundedLists(store, "network-status/", NETWORK_STATUS_KEPT_MAX);
    this.#router = router;
    this.#ids = ids;
    offerRequest(router, "/sys/{own}/_thing/diag/post", (params, message) =>
      this.#post(params, message),
    );
  }

  /** All that is kept of a device, in the order of arrival: the last 500. */
  history(device: DeviceId): Promise<NetworkReport[]> {
    return this.#reports.list(device);
  }

  /** The state that a device reported last as its present one. */
  async last(device: DeviceId): Promise<NetworkReport | undefined> {
    return (await this.history(device)).filter(({ late }) => !late).at(-1);
  }

  /** Sends a latency probe, which a device takes without an answer. */
  async probe(device: DeviceId): Promise<string> {
    const topic = `/ext/network/probe/${this.#ids.message()}`;
    return this.#router.send(device, { topic, payload: Buffer.from("{}"), qos: 0 });
  }

  /** Removes all of a device. */
  forget(device: DeviceId): Promise<void> {
    return this.#reports.clear(device);
  }

  async #post(params: unknown, { device, at }: UpMessage): Promise<Answer> {
    if (!isObject(params)) return parameterError("params has to be an object");
    const { p, model } = params;
    const late = model === HISTORY;
    if (!late && model !== SIMPLE) return parameterError(`model has to be ${SIMPLE} or ${HISTORY}`);
    if (late !== Array.isArray(p)) return parameterError("p does not fit the model");
    const entries = late ? (p as unknown[]) : [p];
    if (entries.length === 0 || entries.length > NETWORK_STATUS_BATCH_MAX) {
      return parameterError(`p has to have 1 to ${NETWORK_STATUS_BATCH_MAX} entries`);
    }
    const reports: NetworkReport[] = [];
    for (const entry of entries) {
      if (!isObject(entry)) return parameterError("an entry of p is no object");
      const { _time: time = at, ...values } = entry;
      if (!Number.isInteger(time)) return parameterError("_time has to be milliseconds since 1970");
      if (late && entry._time === undefined) return parameterError("_time is missing");
      reports.push({ time: time as number, late, values });
    }
    await this.#reports.append(device, reports);
    return { code: Code.success };
  }
}
