/**
 * Actions on the tasks of devices: looking up, confirming, cancelling, trying again.
 * @module
 */
import { jobStatus } from "../../ota/jobs.ts";
import { refusal } from "../../ota/refusal.ts";
import type { OtaPlatform } from "../../ota/start.ts";
import { isFinal } from "../../ota/transitions.ts";
import type { TaskRecord, TaskStatus } from "../../store/ota-records.ts";
import type { Action } from "../action.ts";
import { paged } from "../pages.ts";
import type { Parameters } from "../parameters.ts";
import { utc } from "../times.ts";

const UNFINISHED = ["CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS"] as const;
const STATUSES = [...UNFINISHED, "SUCCEEDED", "FAILED", "CANCELED"] as const;

export const ListOTATaskByJob: Action = async (parameters, { catalog, ota }) => {
  const { jobId } = ota.jobs.require(parameters.text("JobId"));
  const status = optionalStatus(parameters, STATUSES);
  const names = parameters.list("DeviceNames");
  const wanted = ota.tasks
    .ofJob(jobId)
    .filter((task) => status === undefined || task.status === status)
    .filter(({ deviceName }) => names.length === 0 || names.includes(deviceName));
  const { shown, members } = paged(wanted, parameters.page());
  const SimpleOTATaskInfo = shown.map((task) => ({
    ...describe(task, catalog.get(task.productKey)?.name),
    Progress: String(task.progress),
    TaskDesc: task.desc,
    ...(task.timeoutMinutes === undefined ? {} : { Timeout: String(task.timeoutMinutes) }),
  }));
  return { ...members, Data: { SimpleOTATaskInfo } };
};

export const ListOTAUnfinishedTaskByDevice: Action = async (parameters, context) => {
  const { catalog, devices, ota } = context;
  const device = await parameters.device(devices);
  const module = parameters.optional("ModuleName");
  const status = optionalStatus(parameters, UNFINISHED);
  const listed = parameters.list("TaskStatusList");
  const wanted = ota.tasks
    .ofDevice(device)
    .filter((task) => !isFinal(task.status))
    .filter((task) => module === undefined || task.module === module)
    .filter((task) => status === undefined || task.status === status)
    .filter((task) => listed.length === 0 || listed.includes(task.status));
  const SimpleOTATaskInfo = wanted.map((task) => ({
    ...describe(task, catalog.get(task.productKey)?.name),
    ModuleName: task.module,
  }));
  return { Data: { SimpleOTATaskInfo } };
};

export const ConfirmOTATask: Action = async (parameters, { ota }) => {
  await ota.updates.confirm(named(parameters, ota));
  return {};
};

export const ReupgradeOTATask: Action = async (parameters, { ota }) => {
  const { jobId } = ota.jobs.require(parameters.text("JobId"));
  const tasks = named(parameters, ota);
  const stranger = tasks.find((task) => task.jobId !== jobId);
  if (stranger) throw refusal("noTask", `task ${stranger.taskId} is not of job ${jobId}`);
  await ota.updates.again(tasks);
  return {};
};

/** Cancels what has not begun: waiting and announced tasks of a package. */
export const CancelOTATaskByDevice: Action = async (parameters, { ota }) => {
  const productKey = parameters.productKey();
  const { firmwareId } = ota.packages.require(parameters.text("FirmwareId"));
  const names = parameters.list("DeviceName");
  if (names.length < 1 || names.length > 200) {
    throw refusal("parameter", "DeviceName has to name 1 to 200 devices");
  }
  const jobId = parameters.optional("JobId");
  const tasks = ota.tasks
    .list()
    .filter((task) => task.firmwareId === firmwareId && task.productKey === productKey)
    .filter((task) => names.includes(task.deviceName))
    .filter((task) => jobId === undefined || task.jobId === jobId);
  await ota.updates.cancel(tasks, ["CONFIRM", "QUEUED", "NOTIFIED"]);
  return {};
};

export const CancelOTATaskByJob: Action = async (parameters, { ota }) => {
  const job = ota.jobs.require(parameters.text("JobId"));
  const tasks = ota.tasks.ofJob(job.jobId);
  const planned = jobStatus(job, tasks, Date.now()) === "PLANNED";
  const states: TaskStatus[] = [];
  const flags = [
    ["CancelUnconfirmedTask", "CONFIRM"],
    [planned ? "CancelScheduledTask" : "CancelQueuedTask", "QUEUED"],
    ["CancelNotifiedTask", "NOTIFIED"],
    ["CancelInProgressTask", "IN_PROGRESS"],
  ] as const;
  for (const [flag, status] of flags) if (parameters.boolean(flag, false)) states.push(status);
  await ota.updates.cancel(tasks, states);
  return {};
};

function named(parameters: Parameters, ota: OtaPlatform): TaskRecord[] {
  const ids = parameters.list("TaskId");
  if (ids.length === 0) parameters.text("TaskId.1");
  return ids.map((taskId) => {
    const task = ota.tasks.get(taskId);
    if (!task) throw refusal("noTask", `task ${taskId} does not exist`);
    return task;
  });
}

function optionalStatus<T extends TaskStatus>(
  parameters: Parameters,
  statuses: readonly [T, ...T[]],
): T | undefined {
  if (parameters.optional("TaskStatus") === undefined) return undefined;
  return parameters.word("TaskStatus", statuses, statuses[0]);
}

function describe(task: TaskRecord, ProductName = "") {
  return {
    TaskId: task.taskId,
    JobId: task.jobId,
    FirmwareId: task.firmwareId,
    ProductKey: task.productKey,
    ProductName,
    DeviceName: task.deviceName,
    IotId: task.iotId,
    SrcVersion: task.srcVersion ?? "",
    DestVersion: task.destVersion,
    TaskStatus: task.status,
    UtcCreate: utc(task.createdAt),
    UtcModified: utc(task.modifiedAt),
  };
}
