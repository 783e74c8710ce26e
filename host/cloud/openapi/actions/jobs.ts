/**
 * Actions on jobs for devices (help.aliyun.com/zh/iot/developer-reference/job-management).
 * @module
 */
import { FILE_SUFFIXES } from "../../defaults.ts";
import type { DeviceJobRecord, DeviceTaskStatus } from "../../store/device-jobs.ts";
import type { Action, ActionContext } from "../action.ts";
import { paged } from "../pages.ts";
import { utc } from "../times.ts";
import { jobChange, jobSpec } from "./job-spec.ts";

const PAGE_MAX = 50;
/** `ListJob` takes those, too, that jobs of this platform never have. */
const STATUSES = [
  "INITIALIZING",
  "WAITING",
  "IN_PROGRESS",
  "COMPLETED",
  "CANCELLING",
  "CANCELLED",
  "REMOVING",
  "TIMED_OUT",
] as const;

/** A permit to upload the file of a job, by a form as that of packages. */
export const GenerateFileUploadURL: Action = async (parameters, { ota, callerHost }) => {
  const suffix = parameters.word("FileSuffix", FILE_SUFFIXES, "bin");
  const { form, site } = ota.permit(suffix, callerHost);
  const { key, policy, OSSAccessKeyId, signature } = form;
  return {
    Data: {
      Host: site,
      Key: key,
      Policy: policy,
      OssAccessKeyId: OSSAccessKeyId,
      Signature: signature,
      ObjectStorage: "OSS",
    },
  };
};

export const CreateJob: Action = async (parameters, context) => {
  const { spec, devices } = await jobSpec(parameters, context);
  return { JobId: (await context.rollout.begin(spec, devices)).jobId };
};

export const UpdateJob: Action = async (parameters, { rollout }) => {
  await rollout.update(parameters.text("JobId"), jobChange(parameters));
  return {};
};

export const CancelJob: Action = async (parameters, { rollout }) => {
  await rollout.cancel(parameters.text("JobId"));
  return {};
};

export const DeleteJob: Action = async (parameters, { rollout, deviceJobs, ota }) => {
  const { jobId, file } = deviceJobs.require(parameters.text("JobId"));
  await rollout.remove(jobId);
  const isUsed = (key: string) => deviceJobs.list().some((job) => job.file?.key === key);
  if (file && !ota.packages.ownerOf(file.key) && !isUsed(file.key)) {
    await ota.files.delete(file.key);
  }
  return {};
};

export const RerunJob: Action = async (parameters, { rollout }) => {
  await rollout.rerun(parameters.text("JobId"));
  return {};
};

export const ListJob: Action = async (parameters, context) => {
  const { deviceJobs } = context;
  const pageSize = parameters.integer("PageSize", { min: 1, max: PAGE_MAX, preset: 10 });
  const page = parameters.integer("CurrentPage", { min: 1, max: 1e6, preset: 1 });
  const status = parameters.optional("Status") && parameters.word("Status", STATUSES, "WAITING");
  const wanted = deviceJobs.list().filter((job) => !status || deviceJobs.status(job) === status);
  const { shown, members } = paged(wanted, { page, pageSize });
  const data = shown.map((job) => summary(job, context));
  return { Total: members.Total, Page: page, PageSize: pageSize, Data: { data } };
};

export const QueryJob: Action = async (parameters, context) => {
  const { deviceJobs, ota, callerHost } = context;
  const job = deviceJobs.require(parameters.text("JobId"));
  const { document, file, productKey, maximumPerMinute, qos, timeoutMinutes } = job;
  const targetDevices = deviceJobs.ofJob(job.jobId).map((task) => ({
    ProductKey: task.productKey,
    DeviceName: task.deviceName,
  }));
  const Data = {
    ...summary(job, context),
    JobDocument: JSON.stringify(document),
    RolloutConfig: { MaximumPerMinute: maximumPerMinute, MessageQoS: String(qos) },
    TargetConfig:
      productKey === undefined
        ? { TargetType: "DEVICE_LIST", TargetDevices: { targetDevices } }
        : { TargetType: "PRODUCT_KEY", TargetProduct: productKey },
    ...(timeoutMinutes === undefined
      ? {}
      : { TimeoutConfig: { InProgressTimeoutInMinutes: timeoutMinutes } }),
    ...(file === undefined
      ? {}
      : {
          JobFile: {
            FileUrl: ota.addressOf(file.key, callerHost),
            Sign: file.sign,
            SignMethod: file.signMethod,
          },
        }),
  };
  return { Data };
};

export const QueryJobStatistics: Action = async (parameters, { deviceJobs }) => {
  const { jobId } = deviceJobs.require(parameters.text("JobId"));
  const tasks = deviceJobs.ofJob(jobId);
  const count = (status: DeviceTaskStatus) => {
    return tasks.filter((task) => task.status === status).length;
  };
  const Data = {
    Total: tasks.length,
    Queued: count("QUEUED"),
    Sent: count("SENT"),
    InProgress: count("IN_PROGRESS"),
    Succeeded: count("SUCCEEDED"),
    Failed: count("FAILED"),
    Rejected: count("REJECTED"),
    TimeOut: count("TIMED_OUT"),
    Cancelled: count("CANCELLED"),
  };
  return { Data };
};

function summary(job: DeviceJobRecord, { deviceJobs }: ActionContext) {
  const { jobId, name, description, type, scheduleAt, createdAt, modifiedAt } = job;
  const changes = deviceJobs.ofJob(jobId).map((task) => task.modifiedAt);
  return {
    JobId: jobId,
    JobName: name,
    Description: description,
    Type: type,
    Status: deviceJobs.status(job),
    UtcCreate: utc(createdAt),
    UtcModified: utc(Math.max(modifiedAt, ...changes)),
    ...(scheduleAt === undefined ? {} : { ScheduledTime: scheduleAt }),
  };
}
