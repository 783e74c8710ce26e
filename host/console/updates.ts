/**
 * Packages, jobs and tasks as the page shows them.
 * @module
 */
import type { Ota } from "../cloud/ota/ota.ts";
import { isFinal } from "../cloud/ota/transitions.ts";
import type { FirmwareRecord, JobRecord, TaskRecord } from "../cloud/store/ota-records.ts";
import type { JobRow, PackageRow, TaskRow } from "./protocol.ts";

export function packageRow(firmware: FirmwareRecord): PackageRow {
  const { firmwareId, name, productKey, module, version, files, createdAt } = firmware;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { firmwareId, name, productKey, module, version, bytes, createdAt };
}

export function taskRow(task: TaskRecord): TaskRow {
  const { taskId, jobId, deviceName, status, progress, desc, srcVersion, modifiedAt } = task;
  const source = srcVersion === undefined ? {} : { srcVersion };
  return { taskId, jobId, deviceName, status, progress, desc, ...source, modifiedAt };
}

export function jobRow(ota: Ota, job: JobRecord): JobRow {
  const tasks = ota.tasks(job.jobId);
  const firmware = ota.packages().find(({ firmwareId }) => firmwareId === job.firmwareId);
  const counts: JobRow["counts"] = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  const done = tasks.reduce((sum, task) => sum + shareOf(task), 0);
  return {
    jobId: job.jobId,
    productKey: job.productKey,
    module: tasks[0]?.module ?? firmware?.module ?? "",
    version: tasks[0]?.destVersion ?? firmware?.version ?? "",
    status: ota.jobStatus(job, tasks),
    protocol: job.protocol,
    counts,
    progress: tasks.length === 0 ? 0 : Math.floor(done / tasks.length),
    createdAt: job.createdAt,
  };
}

/** What a task counts for in its job's progress: whatever has ended is done. */
function shareOf({ status, progress }: TaskRecord): number {
  return isFinal(status) ? 100 : Math.max(0, progress);
}
