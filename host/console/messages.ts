/**
 * The newest messages between devices and platform, for pages that are opened later.
 * @module
 */
import { EventEmitter } from "node:events";
import type { DeviceId } from "../cloud/device-id.ts";
import type { Trace, TraceMessage } from "../cloud/trace.ts";
import { KeptMessage } from "./kept-message.ts";
import type { MessageRow } from "./protocol.ts";

/** Messages kept. */
const KEPT = 2000;

/** Emits `kept` with each message, which stays what it is until as many others have come. */
export class Messages extends EventEmitter<{ kept: [KeptMessage] }> {
  /** Where messages are kept, the one to be used next at `#next`. */
  readonly #places: KeptMessage[] = [];
  #next = 0;
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
    const places = [...this.#places.slice(this.#next), ...this.#places.slice(0, this.#next)];
    const kept = device ? places.filter((each) => isOf(each.device, device)) : places;
    return kept.slice(-limit).map((each) => each.row());
  }

  close(): void {
    this.#stop();
  }

  #add(message: TraceMessage): void {
    const kept = this.#places[this.#next] ?? new KeptMessage();
    kept.set(++this.#last, message);
    this.#places[this.#next] = kept;
    this.#next = (this.#next + 1) % KEPT;
    this.emit("kept", kept);
  }
}

export function isOf(row: DeviceId, { productKey, deviceName }: DeviceId): boolean {
  return row.productKey === productKey && row.deviceName === deviceName;
}
