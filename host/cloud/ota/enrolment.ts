/**
 * Which devices take part in a job, and their tasks' beginning
 * (help.aliyun.com/document_detail/147496.html, 147887.html).
 * @module
 */
import { DYNAMIC_MATCHES_MAX } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { DeviceRecord, DeviceRecords } from "../store/device-records.ts";
import type { FirmwareRecord, JobRecord, TaskRecord } from "../store/ota-records.ts";
import type { VersionRecords } from "../store/version-records.ts";
import type { Jobs } from "./jobs.ts";
import type { Packages } from "./packages.ts";
import { refusal } from "./refusal.ts";
import type { Tasks } from "./tasks.ts";

export interface EnrolmentParts {
  devices: DeviceRecords;
  versions: VersionRecords;
  packages: Packages;
  jobs: Jobs;
  tasks: Tasks;
}

export class Enrolment {
  readonly #parts: EnrolmentParts;

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** The devices named. @throws CloudError that names one that does not exist. */
  async named(productKey: string, names: readonly string[]): Promise<DeviceRecord[]> {
    const records: DeviceRecord[] = [];
    for (const deviceName of new Set(names)) {
      const record = await this.#parts.devices.get({ productKey, deviceName });
      if (!record) {
        const text = `device ${deviceName} does not exist`;
        throw refusal("noDevice", text, { kind: "noDevice", deviceName });
      }
      records.push(record);
    }
    return records;
  }

  /** Makes the tasks that a job begins with. @param named devices of a job for these. */
  async begin(job: JobRecord, firmware: FirmwareRecord, named?: DeviceRecord[]): Promise<void> {
    const { devices, versions } = this.#parts;
    if (job.laterOnly) return;
    const known: { device: DeviceRecord; version: string | undefined }[] = [];
    for (const device of named ?? (await devices.list(firmware.productKey))) {
      const version = (await versions.get(device, firmware.module))?.version;
      if (named || fits(job, firmware, version)) known.push({ device, version });
    }
    const share = job.grayPercent === undefined ? 1 : Number(job.grayPercent) / 100;
    const count = share < 1 ? Math.max(1, Math.floor(known.length * share)) : known.length;
    for (const { device, version } of known.slice(0, count)) {
      if (job.selection === "DYNAMIC") this.#join(job, firmware, device, version);
      else this.#enrol(job, firmware, device, version);
    }
  }

  /** Lets a device that has reported a version join the newest dynamic job that wants it. */
  async match(device: DeviceId, module: string, version: string): Promise<void> {
    const { jobs, packages, devices } = this.#parts;
    for (const job of jobs.dynamic()) {
      const firmware = packages.get(job.firmwareId);
      if (firmware?.module !== module || firmware.productKey !== device.productKey) continue;
      // The newest job counts: who has its version does not go back to that of an older one.
      if (firmware.version === version) return;
      if (!fits(job, firmware, version)) continue;
      const record = await devices.get(device);
      if (record) this.#join(job, firmware, record, version);
      return;
    }
  }

  /** Enrols a device in a dynamic job unless it is busy or has been there too often. */
  #join(
    job: JobRecord,
    firmware: FirmwareRecord,
    device: DeviceRecord,
    version: string | undefined,
  ): void {
    const { tasks } = this.#parts;
    const before = tasks.ofJob(job.jobId).filter((task) => isOf(task, device));
    if (before.length >= DYNAMIC_MATCHES_MAX) return;
    if (before.some(({ retryAt }) => retryAt !== undefined)) return;
    const other = tasks.unfinished(device, firmware.module);
    if (other && (other.jobId === job.jobId || !mayOverwrite(job, other))) return;
    this.#enrol(job, firmware, device, version);
  }

  #enrol(
    job: JobRecord,
    firmware: FirmwareRecord,
    device: DeviceRecord,
    version: string | undefined,
  ): void {
    const { tasks } = this.#parts;
    const other = tasks.unfinished(device, firmware.module);
    const trouble =
      other && !mayOverwrite(job, other)
        ? `the device has an unfinished update, of job ${other.jobId}`
        : firmware.diff && version !== undefined && version !== firmware.srcVersion
          ? `the package is for version ${firmware.srcVersion}, but the device has ${version}`
          : undefined;
    if (other && !trouble) {
      tasks.change(other, { status: "CANCELED", desc: `replaced by job ${job.jobId}` });
    }
    tasks.add({
      jobId: job.jobId,
      firmwareId: firmware.firmwareId,
      productKey: device.productKey,
      deviceName: device.deviceName,
      iotId: device.iotId,
      module: firmware.module,
      ...(version === undefined ? {} : { srcVersion: version }),
      destVersion: firmware.version,
      status: trouble ? "FAILED" : job.needConfirm ? "CONFIRM" : "QUEUED",
      progress: 0,
      desc: trouble ?? "",
      pushes: 0,
      ...(job.timeoutMinutes === undefined ? {} : { timeoutMinutes: job.timeoutMinutes }),
      retries: 0,
    });
  }
}

/** Whether a device of this version belongs to a job that does not name its devices. */
function fits(job: JobRecord, firmware: FirmwareRecord, version: string | undefined): boolean {
  if (version === firmware.version) return false;
  if (job.srcVersions.length > 0) return version !== undefined && job.srcVersions.includes(version);
  return job.selection === "STATIC" || version !== undefined;
}

function mayOverwrite(job: JobRecord, other: TaskRecord): boolean {
  return job.overwrite && other.status !== "IN_PROGRESS";
}

function isOf(task: TaskRecord, { deviceName }: DeviceId): boolean {
  return task.deviceName === deviceName;
}
