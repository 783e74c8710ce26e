/**
 * What one page still has to be told: bounded however slow the page is, and with what changed twice
 * told once.
 * @module
 */
import { type DeviceId, deviceKey } from "../cloud/device-id.ts";
import type { TaskRecord } from "../cloud/store/ota-records.ts";
import type { LiveEvents, MessageRow } from "./protocol.ts";

/** Most messages, and entries of a device, that wait. */
const MESSAGES_MAX = 500;
const ENTRIES_MAX = 1000;

/** What a page wants to hear of; faults it always hears of. */
export interface Interests {
  devices: boolean;
  messages: boolean;
  updates: boolean;
  /** A device whose entries are wanted; messages are then only those of this one. */
  device?: DeviceId | undefined;
}

export interface Waiting {
  devices: DeviceId[];
  entries: LiveEvents["entries"];
  messages: LiveEvents["messages"] | undefined;
  tasks: TaskRecord[];
  faults: boolean;
  resync: boolean;
}

export class Outbox {
  readonly interests: Interests;
  readonly #devices = new Map<string, DeviceId>();
  readonly #tasks = new Map<string, TaskRecord>();
  #entries: LiveEvents["entries"] = [];
  #messages: MessageRow[] = [];
  #skipped = 0;
  #faults = false;
  #resync = false;
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(interests: Interests) {
    this.interests = interests;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  device(device: DeviceId): void {
    this.#devices.set(deviceKey(device), device);
    this.#wake();
  }

  task(task: TaskRecord): void {
    this.#tasks.set(task.taskId, task);
    this.#wake();
  }

  entry(entry: LiveEvents["entries"][number]): void {
    if (this.#entries.length < ENTRIES_MAX) this.#entries.push(entry);
    else this.#resync = true;
    this.#wake();
  }

  message(row: MessageRow): void {
    this.#messages.push(row);
    if (this.#messages.length > MESSAGES_MAX) {
      this.#messages.shift();
      this.#skipped++;
    }
    this.#wake();
  }

  faults(): void {
    this.#faults = true;
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Waits until there is something to tell, the time is over, or the outbox is closed. */
  async filled(timeoutMs: number): Promise<void> {
    if (this.#isFilled() || this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  /** Takes out what waits. */
  take(): Waiting {
    const [rows, skipped] = [this.#messages, this.#skipped];
    const waiting: Waiting = {
      devices: [...this.#devices.values()],
      entries: this.#entries,
      messages: rows.length > 0 ? { rows, skipped } : undefined,
      tasks: [...this.#tasks.values()],
      faults: this.#faults,
      resync: this.#resync,
    };
    this.#devices.clear();
    this.#tasks.clear();
    this.#entries = [];
    this.#messages = [];
    this.#skipped = 0;
    this.#faults = false;
    this.#resync = false;
    return waiting;
  }

  #isFilled(): boolean {
    const { size } = this.#devices;
    const isDirty = this.#faults || this.#resync;
    return isDirty || size + this.#tasks.size + this.#entries.length + this.#messages.length > 0;
  }
}
