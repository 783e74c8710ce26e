/**
 * Drives the tasks of devices: what devices say, what operators do and what time brings changes
 * them, and packages are announced whenever a device that waits for one may take it.
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import type { DeviceId } from "../device-id.ts";
import type { FirmwareRecord, JobRecord, TaskRecord, TaskStatus } from "../store/ota-records.ts";
import { Deadlines } from "./deadlines.ts";
import { Enrolment, type EnrolmentParts } from "./enrolment.ts";
import { type JobSpec, jobStatus } from "./jobs.ts";
import type { Pushes } from "./pushes.ts";
import { isFinal, isOpen, onAnnounced, onInform, onProgress, timeoutAt } from "./transitions.ts";

export interface UpdateParts extends EnrolmentParts {
  broker: Broker;
  pushes: Pushes;
}

/** A package that is there for a device. */
export interface Offer {
  task: TaskRecord;
  firmware: FirmwareRecord;
  job: JobRecord;
}

export class Updates {
  readonly #parts: UpdateParts;
  readonly #enrolment: Enrolment;
  readonly #deadlines = new Deadlines();
  /** Pushes under way. */
  readonly #running = new Set<Promise<void>>();

  constructor(parts: UpdateParts) {
    this.#parts = parts;
    this.#enrolment = new Enrolment(parts);
    const { broker, tasks, jobs } = parts;
    tasks.on("change", (task) => this.#changed(task));
    broker.on("online", (device) => {
      for (const task of tasks.ofDevice(device)) if (isOpen(task.status)) this.#push(task);
    });
    // After a restart of the platform.
    for (const task of tasks.list()) this.#watch(task);
    for (const job of jobs.list()) this.#schedule(job);
  }

  /** Creates a job and sets off its devices. @throws CloudError for what can't be done. */
  async begin(spec: JobSpec): Promise<JobRecord> {
    const { packages, jobs, tasks } = this.#parts;
    const firmware = packages.require(spec.firmwareId);
    const named = spec.devices && (await this.#enrolment.named(firmware.productKey, spec.devices));
    const job = await jobs.create(firmware, spec);
    if (spec.verify && firmware.verification !== 1) packages.verify(firmware.firmwareId, 2);
    await this.#enrolment.begin(job, firmware, named);
    await tasks.flush();
    this.#schedule(job);
    for (const task of tasks.ofJob(job.jobId)) this.#push(task);
    return job;
  }

  /** A device has informed the version of a module. */
  async inform(device: DeviceId, module: string, version: string): Promise<void> {
    const { tasks } = this.#parts;
    const before = tasks.unfinished(device, module);
    if (before) tasks.change(before, onInform(before, version));
    await this.#enrolment.match(device, module, version);
    await tasks.flush();
    const open = tasks.unfinished(device, module);
    if (open) await this.#announce(open);
  }

  /** A device has reported progress; gives the task, or undefined when there is none. */
  async progress(
    device: DeviceId,
    module: string,
    step: number,
    desc: string,
  ): Promise<TaskRecord | undefined> {
    const { tasks, jobs } = this.#parts;
    const task = tasks.unfinished(device, module);
    if (!task || !isOpen(task.status)) return undefined;
    const now = Date.now();
    const change = onProgress(task, step, desc, now);
    const { retryCount = 0, retryInterval = 0 } = jobs.get(task.jobId) ?? {};
    const again = change?.status === "FAILED" && task.retries < retryCount;
    const retryAt = again ? { retryAt: now + retryInterval * 60_000 } : {};
    const after = tasks.change(task, change && { ...change, ...retryAt });
    await tasks.flush();
    return after;
  }

  /** The package that a device may download for a module now. */
  offer(device: DeviceId, module: string): Offer | undefined {
    const task = this.#parts.tasks.unfinished(device, module);
    return task && this.#offerOf(task);
  }

  /** A device has got the package's description as an answer. */
  async answered({ task }: Offer): Promise<void> {
    const { tasks } = this.#parts;
    const current = tasks.get(task.taskId);
    if (current) tasks.change(current, onAnnounced(current));
    await tasks.flush();
  }

  /** Cancels those of the tasks that have one of the states, and retries that are due. */
  async cancel(tasks: TaskRecord[], states: readonly TaskStatus[]): Promise<number> {
    const wanted = tasks.filter(({ status }) => states.includes(status) && !isFinal(status));
    for (const task of wanted) {
      this.#parts.tasks.change(task, { status: "CANCELED", desc: "cancelled by the operator" });
    }
    for (const task of tasks) {
      if (task.retryAt !== undefined) this.#parts.tasks.change(task, { retryAt: undefined });
    }
    await this.#parts.tasks.flush();
    return wanted.length;
  }

  /** The operator has confirmed tasks that wait for it. */
  async confirm(tasks: TaskRecord[]): Promise<void> {
    for (const task of tasks) if (task.status === "CONFIRM") this.#queue(task, {});
    await this.#parts.tasks.flush();
  }

  /** Starts failed and cancelled tasks again, unless their device is busy. */
  async again(tasks: TaskRecord[]): Promise<void> {
    for (const task of tasks) {
      const busy = this.#parts.tasks.unfinished(task, task.module);
      if (!busy && isFinal(task.status) && task.status !== "SUCCEEDED") this.#queue(task, {});
    }
    await this.#parts.tasks.flush();
  }

  /** Stops all timers and waits for what is under way. */
  async close(): Promise<void> {
    this.#deadlines.close();
    await Promise.all(this.#running);
    await this.#parts.tasks.flush();
    await this.#parts.packages.flush();
  }

  /** Puts a task back to its beginning. */
  #queue(task: TaskRecord, more: { retries?: number }): void {
    const { tasks } = this.#parts;
    const fresh = { progress: 0, desc: "", startedAt: undefined, retryAt: undefined };
    this.#push(tasks.change(task, { status: "QUEUED", ...fresh, ...more }));
  }

  #offerOf(task: TaskRecord): Offer | undefined {
    const job = this.#parts.jobs.get(task.jobId);
    const firmware = this.#parts.packages.get(task.firmwareId);
    if (!job || !firmware || !isOpen(task.status)) return undefined;
    return (job.scheduleAt ?? 0) > Date.now() ? undefined : { task, firmware, job };
  }

  /** Pushes in the background. */
  #push(task: TaskRecord): void {
    const running = this.#announce(task).catch((error: unknown) => {
      process.emitWarning(`push to ${task.deviceName} failed: ${String(error)}`);
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #announce({ taskId }: TaskRecord): Promise<void> {
    const { tasks, pushes } = this.#parts;
    const task = tasks.get(taskId);
    const offer = task && this.#offerOf(task);
    if (!offer?.job.needPush || !pushes.isOnline(offer.task)) return;
    const admitted = pushes.admit(offer.job, Date.now());
    if (admitted !== true) {
      this.#deadlines.set(`push ${taskId}`, admitted, () => this.#push(offer.task));
      return;
    }
    if (!(await pushes.send(offer.task, offer.firmware, offer.job))) return;
    await this.answered(offer);
  }

  #changed(task: TaskRecord): void {
    this.#watch(task);
    if (isFinal(task.status)) this.#verify(task);
  }

  /** Sets the timers that a task's state asks for. */
  #watch(task: TaskRecord): void {
    const { taskId } = task;
    const timeout = timeoutAt(task);
    if (timeout === undefined) this.#deadlines.clear(`timeout ${taskId}`);
    else this.#deadlines.set(`timeout ${taskId}`, timeout, () => this.#timedOut(taskId));
    const { retryAt } = task;
    if (retryAt === undefined) this.#deadlines.clear(`retry ${taskId}`);
    else this.#deadlines.set(`retry ${taskId}`, retryAt, () => this.#retry(taskId));
  }

  /** A timeout is final: it is not tried again. */
  #timedOut(taskId: string): void {
    const { tasks } = this.#parts;
    const task = tasks.get(taskId);
    if (!task || isFinal(task.status)) return;
    const desc = `not finished ${task.timeoutMinutes} minutes after the first progress report`;
    tasks.change(task, { status: "FAILED", desc });
  }

  #retry(taskId: string): void {
    const { tasks } = this.#parts;
    const task = tasks.get(taskId);
    if (task?.status !== "FAILED") return;
    if (tasks.unfinished(task, task.module)) tasks.change(task, { retryAt: undefined });
    else this.#queue(task, { retries: task.retries + 1 });
  }

  #schedule({ jobId, scheduleAt, finishAt }: JobRecord): void {
    const { tasks } = this.#parts;
    const now = Date.now();
    if (scheduleAt !== undefined && scheduleAt > now) {
      this.#deadlines.set(`start ${jobId}`, scheduleAt, () => {
        for (const task of tasks.ofJob(jobId)) this.#push(task);
      });
    }
    if (finishAt === undefined) return;
    this.#deadlines.set(`finish ${jobId}`, finishAt, () => {
      for (const task of tasks.ofJob(jobId)) {
        const over = { status: "CANCELED", desc: "the job's time is over" } as const;
        if (!isFinal(task.status)) tasks.change(task, over);
      }
    });
  }

  /** What a verification says of its package. */
  #verify({ jobId, firmwareId }: TaskRecord): void {
    const { jobs, tasks, packages } = this.#parts;
    const job = jobs.get(jobId);
    if (job?.type !== "VERIFY_FIRMWARE" || packages.get(firmwareId)?.verification === 1) return;
    const states = tasks.ofJob(jobId);
    if (jobStatus(job, states, Date.now()) === "IN_PROGRESS") return;
    const failed = states.some(({ status }) => status === "FAILED");
    const done = states.some(({ status }) => status === "SUCCEEDED");
    packages.verify(firmwareId, failed ? 3 : done ? 1 : 0);
  }
}
