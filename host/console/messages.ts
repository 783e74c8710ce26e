/**
 * The newest messages between devices and platform, for pages that are opened later.
 * @module
 */
import { EventEmitter } from "node:events";
import type { DeviceId } from "../cloud/device-id.ts";
import type { Trace, TraceMessage } from "../cloud/trace.ts";
import { shownPayload } from "./masking.ts";
import type { MessageRow } from "./protocol.ts";

/** Messages kept. */
const KEPT = 2000;

export class Messages extends EventEmitter<{ row: [MessageRow] }> {
  /** Oldest first, up to twice as many as are kept, so that they are cut rarely. */
  #rows: MessageRow[] = [];
  #last = 0;
  readonly #stop: () => void;

  constructor(trace: Trace) {
    super();
    const add = (message: TraceMessage) => this.#add(message);
    trace.on("message", add);
    this.#stop = () => trace.off("message", add);
  }

  /** Oldest first; of one device when it is given. */
  list(device?: DeviceId, limit = KEPT): MessageRow[] {
    const rows = device ? this.#rows.filter((row) => isOf(row, device)) : this.#rows.slice(-KEPT);
    return rows.slice(-limit);
  }

  close(): void {
    this.#stop();
  }

  #add({ at, device, direction, topic, payload, qos, code, note }: TraceMessage): void {
    const row: MessageRow = {
      id: ++this.#last,
      at,
      ...device,
      direction,
      topic,
      payload: shownPayload(payload),
      bytes: payload.length,
      qos,
      ...(code === undefined ? {} : { code }),
      ...(note === undefined ? {} : { note }),
    };
    this.#rows.push(row);
    if (this.#rows.length >= 2 * KEPT) this.#rows = this.#rows.slice(-KEPT);
    this.emit("row", row);
  }
}

export function isOf(row: DeviceId, { productKey, deviceName }: DeviceId): boolean {
  return row.productKey === productKey && row.deviceName === deviceName;
}
