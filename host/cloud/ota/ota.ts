/**
 * Updates over the air as programs use them: packages, jobs, tasks and faults.
 * @module
 */
import { CloudError } from "../errors.ts";
import type { FirmwareRecord, JobRecord, SignMethod, TaskRecord } from "../store/ota-records.ts";
import type { FaultSwitches, Faults } from "./faults.ts";
import { type JobSpec, type JobStatus, type Jobs, jobStatus } from "./jobs.ts";
import type { OtaModules } from "./modules.ts";
import type { Packages } from "./packages.ts";
import type { Pushes } from "./pushes.ts";
import { refusal } from "./refusal.ts";
import type { Tasks } from "./tasks.ts";
import { isFinal } from "./transitions.ts";
import type { Updates } from "./updates.ts";

/** All parts, for the OpenAPI. */
export interface OtaParts {
  packages: Packages;
  modules: OtaModules;
  jobs: Jobs;
  tasks: Tasks;
  updates: Updates;
  pushes: Pushes;
}

export interface FirmwareSpec {
  productKey: string;
  version: string;
  /** `"default"` when absent. */
  module?: string;
  /** One file, or several for a multi-file package. */
  files: { name: string; bytes: Uint8Array }[];
  /** MD5 when absent. */
  signMethod?: SignMethod;
  diff?: boolean;
  srcVersion?: string;
  /** Text that the device gets as `extData._package_udi`. */
  udi?: string;
}

const ALL_UNFINISHED = ["CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS"] as const;

export class Ota {
  readonly #parts: OtaParts;
  readonly #faults: FaultSwitches;

  constructor(parts: OtaParts, faults: FaultSwitches) {
    this.#parts = parts;
    this.#faults = faults;
  }

  /** Faults of all downloads; assign `{}` to switch them off. */
  get faults(): Faults {
    return this.#faults.all;
  }

  set faults(faults: Faults) {
    this.#faults.all = faults;
  }

  /** How many faulty answers `faults` still has to give; undefined when there is no limit. */
  get faultsLeft(): number | undefined {
    return this.#faults.left();
  }

  /** Faults of one package instead of those of all; undefined switches back. */
  setFaults(firmwareId: string, faults: Faults | undefined): void {
    this.#faults.set(firmwareId, faults);
  }

  /** All packages, newest first. */
  packages(): FirmwareRecord[] {
    return this.#parts.packages.list();
  }

  /** All jobs, newest first. */
  jobs(): JobRecord[] {
    return this.#parts.jobs.list();
  }

  /** @throws CloudError when there is no such job. */
  job(jobId: string): JobRecord {
    return this.#parts.jobs.require(jobId);
  }

  /** How far a job is; its `tasks` when they are at hand. */
  jobStatus(job: JobRecord, tasks = this.tasks(job.jobId)): JobStatus {
    return jobStatus(job, tasks, Date.now());
  }

  /** Adds a package that needs no verification; gives its id. @throws CloudError. */
  async addFirmware(spec: FirmwareSpec): Promise<string> {
    const { packages } = this.#parts;
    const { files, ...rest } = spec;
    const stored: { name: string; key: string }[] = [];
    for (const { name, bytes } of files) {
      stored.push({ name, key: await packages.store(Buffer.from(bytes)) });
    }
    const name = `package-${packages.list().length + 1}-${Date.now().toString(36)}`;
    const firmware = await packages.create({ ...rest, name, files: stored, needToVerify: false });
    return firmware.firmwareId;
  }

  /** Starts a job; gives its id. @throws CloudError. */
  async createJob(spec: JobSpec): Promise<string> {
    return (await this.#parts.updates.begin(spec)).jobId;
  }

  /** The newest task of a device in a job. */
  task(jobId: string, deviceName: string): TaskRecord | undefined {
    return this.tasks(jobId)
      .filter((task) => task.deviceName === deviceName)
      .pop();
  }

  /** All tasks of a job in order of creation. */
  tasks(jobId: string): TaskRecord[] {
    return this.#parts.tasks.ofJob(jobId);
  }

  /** Cancels all unfinished tasks of a job; a dynamic one takes no more devices. */
  async cancelJob(jobId: string): Promise<void> {
    const { selection } = this.#parts.jobs.require(jobId);
    if (selection === "DYNAMIC") await this.#parts.jobs.cancelStrategy(jobId);
    await this.#parts.updates.cancel(this.tasks(jobId), ALL_UNFINISHED);
  }

  /** Cancels one device's task unless it has ended. @throws CloudError when there is none. */
  async cancelTask(taskId: string): Promise<void> {
    const task = this.#parts.tasks.get(taskId);
    if (!task) {
      throw refusal("noTask", `task ${taskId} does not exist`, { kind: "noTask", id: taskId });
    }
    await this.#parts.updates.cancel([task], ALL_UNFINISHED);
  }

  /**
   * Waits until a device's newest task in a job has come to an end.
   * @param timeoutMs how long; 60 s.
   * @throws CloudError `iot.messagebroker.TIMEOUT` that names the state it is in.
   */
  finished(jobId: string, deviceName: string, timeoutMs = 60_000): Promise<TaskRecord> {
    const { tasks } = this.#parts;
    const done = () => {
      const task = this.task(jobId, deviceName);
      return task && isFinal(task.status) && task.retryAt === undefined ? task : undefined;
    };
    const now = done();
    if (now) return Promise.resolve(now);
    if (!this.task(jobId, deviceName)) {
      return Promise.reject(refusal("noTask", `${deviceName} has no task in job ${jobId}`));
    }
    return new Promise((resolve, reject) => {
      const check = () => {
        const task = done();
        if (!task) return;
        end();
        resolve(task);
      };
      const timer = setTimeout(() => {
        end();
        const { status, progress, desc } = this.task(jobId, deviceName) as TaskRecord;
        const text = `the update of ${deviceName} is ${status} at ${progress} (${desc})`;
        reject(new CloudError("iot.messagebroker.TIMEOUT", text));
      }, timeoutMs);
      const end = () => {
        clearTimeout(timer);
        tasks.off("change", check);
      };
      tasks.on("change", check);
    });
  }
}
