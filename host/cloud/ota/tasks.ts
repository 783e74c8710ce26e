/**
 * The tasks of devices: kept, found, changed and watched.
 * @module
 */
import { EventEmitter } from "node:events";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import type { TaskRecord } from "../store/ota-records.ts";
import { newId, Table } from "../store/table.ts";
import { type Change, isFinal } from "./transitions.ts";

interface TaskEvents {
  /** After each change; without `before` when the task is new. */
  change: [task: TaskRecord, before: TaskRecord | undefined];
}

export class Tasks extends EventEmitter<TaskEvents> {
  readonly #table: Table<TaskRecord>;

  private constructor(table: Table<TaskRecord>) {
    super();
    this.#table = table;
  }

  static async load(store: OrderedStore): Promise<Tasks> {
    return new Tasks(await Table.load<TaskRecord>(store, "ota/task/", deviceKey));
  }

  get(taskId: string): TaskRecord | undefined {
    return this.#table.get(taskId);
  }

  /** All in order of creation. */
  list(): TaskRecord[] {
    return this.#table.list();
  }

  ofJob(jobId: string): TaskRecord[] {
    return this.list().filter((task) => task.jobId === jobId);
  }

  ofDevice(device: DeviceId): TaskRecord[] {
    return this.#table.of(deviceKey(device));
  }

  /** The one task of a device and module that has not ended. */
  unfinished(device: DeviceId, module: string): TaskRecord | undefined {
    return this.ofDevice(device).find((task) => task.module === module && !isFinal(task.status));
  }

  add(given: Omit<TaskRecord, "taskId" | "createdAt" | "modifiedAt">): TaskRecord {
    const now = Date.now();
    const task = { ...given, taskId: newId(), createdAt: now, modifiedAt: now };
    this.#table.put(task.taskId, task);
    this.emit("change", task, undefined);
    return task;
  }

  /** Changes a task and returns it; nothing happens without a change. */
  change(task: TaskRecord, change: Change): TaskRecord {
    if (!change) return task;
    const before = this.#table.get(task.taskId) ?? task;
    const after = { ...before, ...change, modifiedAt: Date.now() } as TaskRecord;
    this.#table.put(task.taskId, after);
    this.emit("change", after, before);
    return after;
  }

  flush(): Promise<void> {
    return this.#table.flush();
  }
}
