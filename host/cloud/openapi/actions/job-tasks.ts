/**
 * Actions on the tasks of jobs for devices
 * (help.aliyun.com/zh/iot/developer-reference/api-querytask, api-listtask).
 * @module
 */
import { CloudError } from "../../errors.ts";
import { type DeviceTaskRecord, TASK_STATUSES } from "../../store/device-jobs.ts";
import type { Action, ActionContext } from "../action.ts";
import { Parameters } from "../parameters.ts";
import { utc } from "../times.ts";

const LIMIT_MAX = 50;

/** The tasks of a job or a device; `NextToken` goes on behind those that were given before. */
export const ListTask: Action = async (parameters, context) => {
  const limit = parameters.integer("Limit", { min: 1, max: LIMIT_MAX, preset: 10 });
  const token = parameters.optional("NextToken") ?? "";
  const status =
    parameters.optional("Status") && parameters.word("Status", TASK_STATUSES, "QUEUED");
  const wanted = (await tasks(parameters, context))
    .filter((task) => !status || task.status === status)
    .filter(({ taskId }) => taskId > token);
  const shown = wanted.slice(0, limit);
  const last = shown.at(-1);
  return {
    Data: { data: shown.map((task) => describe(task, context)) },
    ...(last && wanted.length > limit ? { NextToken: last.taskId } : {}),
  };
};

export const QueryTask: Action = async (parameters, context) => {
  const taskId = parameters.text("TaskId");
  const task = context.deviceJobs.task(taskId);
  if (!task) throw new CloudError("iot.job.TaskNotExist", `task ${taskId} does not exist`);
  const { message, statusDetails } = task;
  const details = statusDetails === undefined ? "" : JSON.stringify(statusDetails);
  return { Data: { ...describe(task, context), Message: message, StatusDetail: details } };
};

async function tasks(
  parameters: Parameters,
  { deviceJobs, devices }: ActionContext,
): Promise<DeviceTaskRecord[]> {
  const given = parameters.optional("Device") && parameters.object("Device");
  if (!given) return deviceJobs.ofJob(deviceJobs.require(parameters.text("JobId")).jobId);
  const members = new Map(Object.entries(given).map(([name, value]) => [name, String(value)]));
  return deviceJobs.ofDevice(await new Parameters(members).device(devices));
}

function describe(task: DeviceTaskRecord, { deviceJobs }: ActionContext) {
  return {
    TaskId: task.taskId,
    JobId: task.jobId,
    JobName: deviceJobs.get(task.jobId)?.name ?? "",
    ProductKey: task.productKey,
    DeviceName: task.deviceName,
    IotId: task.iotId,
    Status: task.status,
    Progress: String(task.progress),
    UtcQueueTime: utc(task.queuedAt),
    UtcModified: utc(task.modifiedAt),
  };
}
