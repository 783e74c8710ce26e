/**
 * Jobs for devices and their tasks: kept, found, changed and watched.
 * @module
 */
import { EventEmitter } from "node:events";
import { JOBS_MAX } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import {
  type DeviceJobRecord,
  type DeviceTaskRecord,
  type DeviceTaskStatus,
  isOver,
} from "../store/device-jobs.ts";
import type { DeviceRecord } from "../store/device-records.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { newId, Table } from "../store/table.ts";

/** `ListJob` knows more: those that pass at once on this platform never show. */
export type DeviceJobStatus = "WAITING" | "IN_PROGRESS" | "COMPLETED" | "CANCELLED";

/** What changes in a task; a member may also be removed. */
type Change = { [K in keyof DeviceTaskRecord]?: DeviceTaskRecord[K] | undefined };

interface JobEvents {
  /** After each change; without `before` when the task is new. */
  task: [task: DeviceTaskRecord, before: DeviceTaskRecord | undefined];
}

export class DeviceJobs extends EventEmitter<JobEvents> {
  readonly #jobs: Table<DeviceJobRecord>;
  readonly #tasks: Table<DeviceTaskRecord>;

  private constructor(jobs: Table<DeviceJobRecord>, tasks: Table<DeviceTaskRecord>) {
    super();
    this.#jobs = jobs;
    this.#tasks = tasks;
  }

  static async load(store: OrderedStore): Promise<DeviceJobs> {
    return new DeviceJobs(
      await Table.load(store, "device-job/"),
      await Table.load<DeviceTaskRecord>(store, "device-task/", deviceKey),
    );
  }

  /** All, newest first. */
  list(): DeviceJobRecord[] {
    return this.#jobs.list().reverse();
  }

  get(jobId: string): DeviceJobRecord | undefined {
    return this.#jobs.get(jobId);
  }

  /** @throws CloudError when there is none of this id. */
  require(jobId: string): DeviceJobRecord {
    const job = this.#jobs.get(jobId);
    if (!job) throw new CloudError("iot.job.JobNotExist", `job ${jobId} does not exist`);
    return job;
  }

  /** All in the order in which they were made. */
  tasks(): DeviceTaskRecord[] {
    return this.#tasks.list();
  }

  ofJob(jobId: string): DeviceTaskRecord[] {
    return this.tasks().filter((task) => task.jobId === jobId);
  }

  ofDevice(device: DeviceId): DeviceTaskRecord[] {
    return this.#tasks.of(deviceKey(device));
  }

  task(taskId: string): DeviceTaskRecord | undefined {
    return this.#tasks.get(taskId);
  }

  /** A job with a task for each device. @throws CloudError when there are too many jobs. */
  async create(
    given: Omit<DeviceJobRecord, "jobId" | "canceled" | "createdAt" | "modifiedAt">,
    devices: DeviceRecord[],
  ): Promise<DeviceJobRecord> {
    if (this.#jobs.list().length >= JOBS_MAX) {
      throw new CloudError("iot.job.QuotaExceeded", `there are ${JOBS_MAX} jobs; delete some`);
    }
    const now = Date.now();
    const job = { ...given, jobId: newId(), canceled: false, createdAt: now, modifiedAt: now };
    this.#jobs.put(job.jobId, job);
    for (const { productKey, deviceName, iotId } of devices) {
      const task: DeviceTaskRecord = {
        taskId: newId(),
        jobId: job.jobId,
        productKey,
        deviceName,
        iotId,
        status: "QUEUED",
        progress: 0,
        message: "",
        queuedAt: now,
        modifiedAt: now,
      };
      this.#tasks.put(task.taskId, task);
      this.emit("task", task, undefined);
    }
    await this.flush();
    return job;
  }

  async changeJob(job: DeviceJobRecord, change: Partial<DeviceJobRecord>): Promise<void> {
    this.#jobs.put(job.jobId, { ...job, ...change, modifiedAt: Date.now() });
    await this.flush();
  }

  /** Changes a task and returns it. */
  async changeTask(task: DeviceTaskRecord, change: Change): Promise<DeviceTaskRecord> {
    const before = this.#tasks.get(task.taskId) ?? task;
    const after = { ...before, ...change, modifiedAt: Date.now() } as DeviceTaskRecord;
    this.#tasks.put(task.taskId, after);
    this.emit("task", after, before);
    await this.flush();
    return after;
  }

  async delete(jobId: string): Promise<void> {
    for (const { taskId } of this.ofJob(jobId)) this.#tasks.delete(taskId);
    this.#jobs.delete(jobId);
    await this.flush();
  }

  async forget(device: DeviceId): Promise<void> {
    for (const { taskId } of this.ofDevice(device)) this.#tasks.delete(taskId);
    await this.flush();
  }

  status(job: DeviceJobRecord): DeviceJobStatus {
    if (job.canceled) return "CANCELLED";
    if ((job.scheduleAt ?? 0) > Date.now()) return "WAITING";
    const over = this.ofJob(job.jobId).every(({ status }) => isOver(status));
    return over ? "COMPLETED" : "IN_PROGRESS";
  }

  /** Resolves with a device's task as soon as it has come to an end. */
  finished(jobId: string, deviceName: string): Promise<DeviceTaskRecord> {
    return this.reached(jobId, deviceName, isOver);
  }

  /** Resolves with a device's task as soon as its status is one that was asked for. */
  reached(
    jobId: string,
    deviceName: string,
    wanted: DeviceTaskStatus | ((status: DeviceTaskStatus) => boolean),
  ): Promise<DeviceTaskRecord> {
    const fits = typeof wanted === "string" ? (status: string) => status === wanted : wanted;
    const isIt = (task: DeviceTaskRecord) =>
      task.jobId === jobId && task.deviceName === deviceName && fits(task.status);
    return new Promise((resolve) => {
      const there = this.ofJob(jobId).find(isIt);
      if (there) return resolve(there);
      const look = (task: DeviceTaskRecord) => {
        if (!isIt(task)) return;
        this.off("task", look);
        resolve(task);
      };
      this.on("task", look);
    });
  }

  /** Waits until everything is in the store. */
  async flush(): Promise<void> {
    await this.#jobs.flush();
    await this.#tasks.flush();
  }
}
