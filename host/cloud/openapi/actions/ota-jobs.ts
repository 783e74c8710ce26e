/**
 * Actions on jobs (batches): creating and looking up.
 * @module
 */
import { type JobSpec, jobStatus } from "../../ota/jobs.ts";
import { refusal } from "../../ota/refusal.ts";
import type { OtaPlatform } from "../../ota/start.ts";
import type { JobRecord } from "../../store/ota-records.ts";
import type { Action, ActionResult } from "../action.ts";
import { paged } from "../pages.ts";
import type { Parameters } from "../parameters.ts";
import { utc } from "../times.ts";

const HOUR_MS = 60 * 60_000;

export const CreateOTAVerifyJob: Action = async (parameters, { ota }) => {
  const devices = parameters.list("TargetDeviceName");
  if (devices.length < 1 || devices.length > 10) {
    throw refusal("parameter", "TargetDeviceName has to name 1 to 10 devices");
  }
  return begin(parameters, ota, { ...common(parameters), devices, verify: true });
};

export const CreateOTAStaticUpgradeJob: Action = async (parameters, { ota }) => {
  const target = parameters.word("TargetSelection", ["ALL", "SPECIFIC", "GRAY"], "ALL");
  if (parameters.optional("TargetSelection") === undefined) parameters.text("TargetSelection");
  const devices = parameters.list("TargetDeviceName");
  const srcVersions = sourceVersions(parameters);
  if (target === "SPECIFIC" && (devices.length < 1 || devices.length > 200)) {
    throw refusal("parameter", "TargetDeviceName has to name 1 to 200 devices");
  }
  if (target === "SPECIFIC" && srcVersions.length > 0) {
    throw refusal("parameter", "SrcVersion is not for TargetSelection SPECIFIC");
  }
  const grayPercent = target === "GRAY" ? percentage(parameters) : undefined;
  return begin(parameters, ota, {
    ...common(parameters),
    ...batch(parameters),
    ...schedule(parameters),
    srcVersions,
    grayPercent,
    ...(target === "SPECIFIC" ? { devices } : {}),
  });
};

export const CreateOTADynamicUpgradeJob: Action = async (parameters, { ota }) => {
  return begin(parameters, ota, {
    ...common(parameters),
    ...batch(parameters),
    srcVersions: sourceVersions(parameters),
    dynamic: true,
    laterOnly: parameters.choice("DynamicMode", [1, 2]) === 2,
  });
};

export const QueryOTAJob: Action = async (parameters, { ota }) => {
  const job = ota.jobs.require(parameters.text("JobId"));
  const firmware = ota.packages.get(job.firmwareId);
  const { srcVersions, retryInterval, retryCount, timeoutMinutes, grayPercent } = job;
  const Data = {
    ...describe(job, ota),
    Name: firmware?.name ?? "",
    DestVersion: firmware?.version ?? "",
    JobDesc: "",
    SrcVersions: { SrcVersion: srcVersions },
    DownloadProtocol: job.protocol,
    NeedPush: job.needPush,
    NeedConfirm: job.needConfirm,
    MultiModuleMode: false,
    OverwriteMode: job.overwrite ? 2 : 1,
    MaximumPerMinute: job.maximumPerMinute,
    ...(job.selection === "DYNAMIC" ? { DynamicMode: job.laterOnly ? 2 : 1 } : {}),
    ...(retryInterval === undefined ? {} : { RetryInterval: retryInterval }),
    ...(retryCount === undefined ? {} : { RetryCount: retryCount }),
    ...(timeoutMinutes === undefined ? {} : { TimeoutInMinutes: timeoutMinutes }),
    ...(grayPercent === undefined ? {} : { GrayPercent: grayPercent }),
    ...(job.scheduleAt === undefined ? {} : { UtcScheduleTime: utc(job.scheduleAt) }),
    ...(job.finishAt === undefined ? {} : { UtcScheduleFinishTime: utc(job.finishAt) }),
  };
  return { Data };
};

export const ListOTAJobByFirmware: Action = async (parameters, { ota }) => {
  const { firmwareId } = ota.packages.require(parameters.text("FirmwareId"));
  return listed(
    parameters,
    ota.jobs.list().filter((job) => job.firmwareId === firmwareId),
    ota,
  );
};

export const ListOTAJobByDevice: Action = async (parameters, { devices, ota }) => {
  const device = await parameters.device(devices);
  const { firmwareId } = ota.packages.require(parameters.text("FirmwareId"));
  const tasks = ota.tasks.ofDevice(device).filter((task) => task.firmwareId === firmwareId);
  const jobs = new Set(tasks.map(({ jobId }) => jobId));
  return listed(
    parameters,
    ota.jobs.list().filter(({ jobId }) => jobs.has(jobId)),
    ota,
  );
};

export const CancelOTAStrategyByJob: Action = async (parameters, { ota }) => {
  await ota.jobs.cancelStrategy(parameters.text("JobId"));
  return {};
};

async function begin(
  parameters: Parameters,
  ota: OtaPlatform,
  spec: JobSpec,
): Promise<ActionResult> {
  const productKey = parameters.productKey();
  if (ota.packages.require(spec.firmwareId).productKey !== productKey) {
    throw refusal("noFirmware", `package ${spec.firmwareId} is not of product ${productKey}`);
  }
  const { jobId, createdAt } = await ota.updates.begin(spec);
  return { Data: { JobId: jobId, UtcCreate: utc(createdAt) } };
}

/** What all jobs have. */
function common(parameters: Parameters) {
  const protocol = parameters.word("DownloadProtocol", ["HTTPS", "MQTT"], "HTTPS");
  const tags = parameters.records("Tag", ["Key", "Value"]);
  const wrong = tags.find(({ Key, Value }) => !/^[A-Za-z0-9.]{1,30}$/.test(Key) || Value === "");
  if (wrong) {
    const expected = "Key of 1 to 30 letters, digits or dots, and Value";
    throw refusal("parameter", `Tag "${wrong.Key}" has to have ${expected}`);
  }
  return {
    firmwareId: parameters.text("FirmwareId"),
    protocol: protocol === "MQTT" ? ("mqtt" as const) : ("https" as const),
    needPush: parameters.boolean("NeedPush", true),
    needConfirm: parameters.boolean("NeedConfirm", false),
    timeoutMinutes: parameters.maybeInteger("TimeoutInMinutes", { min: 1, max: 1440 }),
    tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
  };
}

/** What jobs for many devices have. */
function batch(parameters: Parameters) {
  const retryInterval = parameters.choice("RetryInterval", [0, 10, 30, 60, 1440]);
  const retryCount = parameters.choice("RetryCount", [1, 2, 5]);
  if ((retryInterval === undefined) !== (retryCount === undefined)) {
    throw refusal("parameter", "RetryInterval and RetryCount belong together");
  }
  return {
    retryInterval,
    retryCount,
    maximumPerMinute: parameters.maybeInteger("MaximumPerMinute", { min: 0, max: 1000 }),
    overwrite: parameters.choice("OverwriteMode", [1, 2]) === 2,
  };
}

function schedule(parameters: Parameters) {
  const now = Date.now();
  const scheduleAt = parameters.maybeInteger("ScheduleTime", {
    min: now + 5 * 60_000,
    max: now + 7 * 24 * HOUR_MS,
  });
  const start = scheduleAt ?? now;
  const finishAt = parameters.maybeInteger("ScheduleFinishTime", {
    min: start + HOUR_MS,
    max: start + 30 * 24 * HOUR_MS,
  });
  return { scheduleAt, finishAt };
}

function sourceVersions(parameters: Parameters): string[] {
  const versions = parameters.list("SrcVersion");
  if (versions.length <= 10 && new Set(versions).size === versions.length) return versions;
  throw refusal("parameter", "SrcVersion has to be at most 10 versions, each once");
}

function percentage(parameters: Parameters): string {
  const text = parameters.text("GrayPercent");
  if (/^\d{1,3}(\.\d{1,3})?$/.test(text) && Number(text) > 0 && Number(text) <= 100) return text;
  throw refusal("parameter", `GrayPercent is "${text}", expected e.g. 33.33`);
}

function listed(parameters: Parameters, jobs: JobRecord[], ota: OtaPlatform): ActionResult {
  const { shown, members } = paged(jobs, parameters.page());
  return { ...members, Data: { SimpleOTAJobInfo: shown.map((job) => describe(job, ota)) } };
}

function describe(job: JobRecord, ota: OtaPlatform) {
  const tasks = ota.tasks.ofJob(job.jobId);
  const status = jobStatus(job, tasks, Date.now());
  const changes = [job.modifiedAt, ...tasks.map(({ modifiedAt }) => modifiedAt)];
  const modifiedAt = Math.max(...changes);
  const ended = status === "COMPLETED" || status === "CANCELED";
  return {
    JobId: job.jobId,
    FirmwareId: job.firmwareId,
    ProductKey: job.productKey,
    JobStatus: status,
    JobType: job.type,
    SelectionType: job.selection,
    TargetSelection: job.target,
    Tags: { OtaTagDTO: job.tags.map(({ key, value }) => ({ Key: key, Value: value })) },
    UtcCreate: utc(job.createdAt),
    UtcStartTime: utc(job.scheduleAt ?? job.createdAt),
    UtcModified: utc(modifiedAt),
    ...(ended ? { UtcEndTime: utc(modifiedAt) } : {}),
  };
}
