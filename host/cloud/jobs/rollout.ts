/**
 * Drives the tasks of jobs: devices are told when they are there, within the job's rate and not
 * before its time; tasks in progress time out; operators cancel, delete and run again.
 * @module
 */
import { createHash } from "node:crypto";
import type { DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import { Deadlines } from "../ota/deadlines.ts";
import { newFileKey } from "../ota/packages.ts";
import { PushRate } from "../ota/push-rate.ts";
import {
  type DeviceJobRecord,
  type DeviceTaskRecord,
  isOver,
  type JobFile,
} from "../store/device-jobs.ts";
import type { DeviceRecord } from "../store/device-records.ts";
import type { FileStore } from "../store/file-store.ts";
import type { Trace } from "../trace.ts";
import { Delivery, type DeliveryParts } from "./delivery.ts";
import type { DeviceJobs } from "./jobs.ts";

/** A job as it is created. */
export type DeviceJobSpec = Omit<
  DeviceJobRecord,
  "jobId" | "canceled" | "createdAt" | "modifiedAt"
>;

export class Rollout {
  readonly delivery: Delivery;
  readonly #jobs: DeviceJobs;
  readonly #files: FileStore;
  readonly #deadlines = new Deadlines();
  readonly #rate = new PushRate();
  /** Tasks that are being sent. */
  readonly #sending = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(jobs: DeviceJobs, trace: Trace, parts: DeliveryParts & { files: FileStore }) {
    this.#jobs = jobs;
    this.#files = parts.files;
    this.delivery = new Delivery(parts);
    jobs.on("task", (task) => this.#watch(task));
    parts.broker.on("online", (device) => this.#pushAll(device));
    // A device hears of its jobs as soon as it listens.
    trace.on("subscription", ({ device, granted }) => {
      if (granted) this.#pushAll(device);
    });
    // After a restart of the platform.
    for (const task of jobs.tasks()) this.#watch(task);
    for (const job of jobs.list()) this.#schedule(job);
  }

  /** Creates a job and tells the devices of it that are there. */
  async begin(spec: DeviceJobSpec, devices: DeviceRecord[]): Promise<DeviceJobRecord> {
    const job = await this.#jobs.create(spec, devices);
    this.#schedule(job);
    this.#pushJob(job.jobId);
    return job;
  }

  /** Keeps a file for a job, as an upload through the OpenAPI does. */
  async keepFile(bytes: Buffer, signMethod: JobFile["signMethod"] = "Sha256"): Promise<JobFile> {
    const key = newFileKey("bin");
    await this.#files.put(key, bytes);
    const sign = createHash(signMethod.toLowerCase()).update(bytes).digest("hex");
    return { key, signMethod, sign };
  }

  /** Changes what has not happened yet. */
  async update(jobId: string, change: Partial<DeviceJobRecord>): Promise<void> {
    const job = this.#jobs.require(jobId);
    if (this.#jobs.status(job) === "COMPLETED" || job.canceled) {
      throw wrongStatus(jobId, "it is over");
    }
    await this.#jobs.changeJob(job, change);
    for (const task of this.#jobs.ofJob(jobId)) this.#watch(task);
    this.#pushJob(jobId);
  }

  /** Ends all tasks that are not over; devices that know of one are told. */
  async cancel(jobId: string): Promise<void> {
    const job = this.#jobs.require(jobId);
    if (job.canceled) throw wrongStatus(jobId, "it is cancelled already");
    await this.#jobs.changeJob(job, { canceled: true });
    for (const task of this.#jobs.ofJob(jobId)) {
      if (isOver(task.status)) continue;
      const message = "cancelled by the operator";
      const over = await this.#jobs.changeTask(task, { status: "CANCELLED", message });
      if (task.status !== "QUEUED") await this.#tell(job, over, "CANCELLED");
    }
  }

  /** Removes a job; devices that work at it are told. */
  async remove(jobId: string): Promise<void> {
    const job = this.#jobs.require(jobId);
    const open = this.#jobs.ofJob(jobId).filter(({ status }) => !isOver(status));
    this.#deadlines.clear(`start ${jobId}`);
    await this.#jobs.delete(jobId);
    for (const task of open) {
      this.#deadlines.clear(`timeout ${task.taskId}`);
      if (task.status !== "QUEUED") await this.#tell(job, task, "REMOVED");
    }
  }

  /** Starts the tasks anew that have failed or timed out, of a job that is over. */
  async rerun(jobId: string): Promise<void> {
    const job = this.#jobs.require(jobId);
    if (this.#jobs.status(job) !== "COMPLETED") throw wrongStatus(jobId, "it is not completed");
    const failed = this.#jobs
      .ofJob(jobId)
      .filter(({ status }) => status === "FAILED" || status === "TIMED_OUT");
    if (failed.length === 0) throw wrongStatus(jobId, "no task has failed or timed out");
    const fresh = { progress: 0, message: "", statusDetails: undefined, startedAt: undefined };
    for (const task of failed) {
      await this.#jobs.changeTask(task, { ...fresh, status: "QUEUED", queuedAt: Date.now() });
    }
    this.#pushJob(jobId);
  }

  /** Whether a job's time has come. */
  hasBegun({ scheduleAt }: DeviceJobRecord): boolean {
    return (scheduleAt ?? 0) <= Date.now();
  }

  /** Stops all timers and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#deadlines.close();
    await Promise.all(this.#running);
    await this.#jobs.flush();
  }

  #pushAll(device: DeviceId): void {
    for (const task of this.#jobs.ofDevice(device)) this.#push(task);
  }

  #pushJob(jobId: string): void {
    for (const task of this.#jobs.ofJob(jobId)) this.#push(task);
  }

  /** Sends in the background. */
  #push({ taskId, status }: DeviceTaskRecord): void {
    if (this.#closed || status !== "QUEUED" || this.#sending.has(taskId)) return;
    this.#sending.add(taskId);
    const running = this.#send(taskId)
      .catch((error: unknown) => {
        process.emitWarning(`task ${taskId} could not be sent: ${String(error)}`);
      })
      .finally(() => {
        this.#sending.delete(taskId);
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  async #send(taskId: string): Promise<void> {
    const task = this.#jobs.task(taskId);
    const job = task && this.#jobs.get(task.jobId);
    if (!job || task.status !== "QUEUED" || !this.hasBegun(job)) return;
    if (!this.delivery.isReady(job, task)) return;
    const admitted = this.#rate.admit(job.jobId, job.maximumPerMinute, Date.now());
    if (admitted !== true) {
      this.#deadlines.set(`push ${taskId}`, admitted, () => this.#push(task));
      return;
    }
    let sent: Awaited<ReturnType<Delivery["send"]>>;
    try {
      sent = await this.delivery.send(job, task);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.code === "iot.messagebroker.OFFLINE") return;
      await this.#end(taskId, { failed: true, message: error.message });
      return;
    }
    if (!sent) return;
    const now = this.#jobs.task(taskId);
    if (now?.status === "QUEUED") await this.#jobs.changeTask(now, { status: "SENT" });
    // Not awaited here: the platform may be closed meanwhile.
    void sent.result.then((result) => (result ? this.#end(taskId, result) : undefined));
  }

  /** Ends a task by the device's answer to a command. */
  async #end(taskId: string, { failed, message }: { failed: boolean; message: string }) {
    const task = this.#jobs.task(taskId);
    if (this.#closed || !task || isOver(task.status)) return;
    const end = failed ? ({ status: "FAILED" } as const) : ({ status: "SUCCEEDED" } as const);
    await this.#jobs.changeTask(task, { ...end, message, ...(failed ? {} : { progress: 100 }) });
  }

  async #tell(
    job: DeviceJobRecord,
    task: DeviceTaskRecord,
    status: "CANCELLED" | "REMOVED",
  ): Promise<void> {
    if (job.type === "CUSTOM_JOB") await this.delivery.notify(job, task, status);
  }

  /** Sets the timer that a task's state asks for. */
  #watch({ taskId, jobId, status, startedAt }: DeviceTaskRecord): void {
    const name = `timeout ${taskId}`;
    const minutes = this.#jobs.get(jobId)?.timeoutMinutes;
    if (status !== "IN_PROGRESS" || startedAt === undefined || minutes === undefined) {
      this.#deadlines.clear(name);
      return;
    }
    this.#deadlines.set(name, startedAt + minutes * 60_000, () => {
      const task = this.#jobs.task(taskId);
      if (task?.status !== "IN_PROGRESS") return;
      const message = `not finished within ${minutes} minutes`;
      void this.#jobs.changeTask(task, { status: "TIMED_OUT", message });
    });
  }

  #schedule({ jobId, scheduleAt = 0 }: DeviceJobRecord): void {
    if (scheduleAt > Date.now()) {
      this.#deadlines.set(`start ${jobId}`, scheduleAt, () => this.#pushJob(jobId));
    }
  }
}

/** Alibaba's code is unconfirmed. */
function wrongStatus(jobId: string, reason: string): CloudError {
  return new CloudError("iot.job.JobStatusNotAllowed", `job ${jobId} can't be changed: ${reason}`);
}
