/**
 * Jobs (batches): which package goes to which devices, and how.
 * @module
 */
import { MQTT_FILE_MAX_BYTES, PUSHES_PER_MINUTE } from "../defaults.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import type {
  DownloadProtocol,
  FirmwareRecord,
  JobRecord,
  TaskRecord,
} from "../store/ota-records.ts";
import { newId, Table } from "../store/table.ts";
import { refusal } from "./refusal.ts";
import { isFinal } from "./transitions.ts";

export interface JobSpec {
  firmwareId: string;
  /** Names of the devices: a static job for these. */
  devices?: string[] | undefined;
  /** A job to verify the package. */
  verify?: boolean | undefined;
  /** A job that devices join when they report a version. */
  dynamic?: boolean | undefined;
  /** Dynamic: only devices that report a version from now on. */
  laterOnly?: boolean | undefined;
  /** Per cent of all devices, e.g. `"33.33"`. */
  grayPercent?: string | undefined;
  srcVersions?: string[] | undefined;
  protocol?: Lowercase<DownloadProtocol> | undefined;
  needPush?: boolean | undefined;
  needConfirm?: boolean | undefined;
  overwrite?: boolean | undefined;
  maximumPerMinute?: number | undefined;
  /** From the first progress report on; programs may give fractions. */
  timeoutMinutes?: number | undefined;
  /** Minutes between a failure and the next try. */
  retryInterval?: number | undefined;
  retryCount?: number | undefined;
  /** Milliseconds since 1970. */
  scheduleAt?: number | undefined;
  finishAt?: number | undefined;
  tags?: { key: string; value: string }[] | undefined;
}

export type JobStatus = "PLANNED" | "IN_PROGRESS" | "COMPLETED" | "CANCELED";

export class Jobs {
  readonly #table: Table<JobRecord>;

  private constructor(table: Table<JobRecord>) {
    this.#table = table;
  }

  static async load(store: OrderedStore): Promise<Jobs> {
    return new Jobs(await Table.load(store, "ota/job/"));
  }

  /** @throws CloudError when there is none of this id. */
  require(jobId: string): JobRecord {
    const job = this.get(jobId);
    if (!job) throw refusal("noJob", `job ${jobId} does not exist`, { kind: "noJob", id: jobId });
    return job;
  }

  get(jobId: string): JobRecord | undefined {
    return this.#table.get(jobId);
  }

  /** All, newest first. */
  list(): JobRecord[] {
    return this.#table.list().reverse();
  }

  /** Dynamic jobs that devices still join, newest first. */
  dynamic(): JobRecord[] {
    return this.list().filter(({ selection, canceled }) => selection === "DYNAMIC" && !canceled);
  }

  /** @throws CloudError when the package can't be distributed so. */
  async create(firmware: FirmwareRecord, spec: JobSpec): Promise<JobRecord> {
    this.#check(firmware, spec);
    const { dynamic = false, verify = false, devices, grayPercent } = spec;
    const now = Date.now();
    const job: JobRecord = {
      jobId: newId(),
      firmwareId: firmware.firmwareId,
      productKey: firmware.productKey,
      type: verify ? "VERIFY_FIRMWARE" : "UPGRADE_FIRMWARE",
      selection: dynamic ? "DYNAMIC" : "STATIC",
      target: devices ? "SPECIFIC" : grayPercent === undefined ? "ALL" : "GRAY",
      protocol: spec.protocol === "mqtt" ? "MQTT" : "HTTPS",
      srcVersions: spec.srcVersions ?? [],
      needPush: spec.needPush ?? true,
      needConfirm: spec.needConfirm ?? false,
      overwrite: spec.overwrite ?? false,
      laterOnly: spec.laterOnly ?? false,
      maximumPerMinute: spec.maximumPerMinute ?? PUSHES_PER_MINUTE,
      tags: spec.tags ?? [],
      ...given("timeoutMinutes", spec.timeoutMinutes),
      ...given("retryInterval", spec.retryInterval),
      ...given("retryCount", spec.retryCount),
      ...given("grayPercent", grayPercent),
      ...given("scheduleAt", spec.scheduleAt),
      ...given("finishAt", spec.finishAt),
      canceled: false,
      createdAt: now,
      modifiedAt: now,
    };
    this.#table.put(job.jobId, job);
    await this.#table.flush();
    return job;
  }

  /** Ends a dynamic job: no further devices join. */
  async cancelStrategy(jobId: string): Promise<void> {
    const job = this.require(jobId);
    if (job.selection !== "DYNAMIC") throw refusal("wrongJob", `job ${jobId} is not dynamic`);
    this.#table.put(jobId, { ...job, canceled: true, modifiedAt: Date.now() });
    await this.#table.flush();
  }

  #check({ firmwareId, files, verification, diff, srcVersion }: FirmwareRecord, spec: JobSpec) {
    const { verify = false, dynamic = false, protocol, srcVersions = [] } = spec;
    if (!verify && verification !== 1 && verification !== -1) {
      const text = `package ${firmwareId} has to be verified first`;
      throw refusal("notVerified", text, { kind: "notVerified", id: firmwareId });
    }
    if (dynamic && this.dynamic().some((job) => job.firmwareId === firmwareId)) {
      throw refusal("sameJob", `package ${firmwareId} has a dynamic job already`);
    }
    if (diff && !spec.devices && !(srcVersions.length === 1 && srcVersions[0] === srcVersion)) {
      throw refusal("parameter", `SrcVersion has to be ${srcVersion}, that of the package`);
    }
    if (protocol !== "mqtt") return;
    const [file] = files;
    if (files.length !== 1 || (file?.size ?? 0) > MQTT_FILE_MAX_BYTES) {
      const text = `a package for MQTT has one file of at most ${MQTT_FILE_MAX_BYTES} bytes`;
      throw refusal("parameter", text, { kind: "mqttPackage", most: MQTT_FILE_MAX_BYTES });
    }
  }
}

/** @param tasks of the job. */
export function jobStatus(job: JobRecord, tasks: TaskRecord[], now: number): JobStatus {
  if (job.canceled) return "CANCELED";
  if (job.scheduleAt !== undefined && job.scheduleAt > now) {
    return tasks.length > 0 && tasks.every(isCanceled) ? "CANCELED" : "PLANNED";
  }
  if (job.selection === "DYNAMIC") return "IN_PROGRESS";
  if (!tasks.every(({ status, retryAt }) => isFinal(status) && retryAt === undefined)) {
    return "IN_PROGRESS";
  }
  return tasks.length > 0 && tasks.every(isCanceled) ? "CANCELED" : "COMPLETED";
}

function isCanceled({ status }: TaskRecord): boolean {
  return status === "CANCELED";
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}
