/**
 * The parameters of CreateJob and UpdateJob
 * (help.aliyun.com/zh/iot/developer-reference/api-createjob-2018-01-20).
 * @module
 */
import { createHash } from "node:crypto";
import {
  JOB_DESCRIPTION_MAX,
  JOB_DEVICES_MAX,
  JOB_DOCUMENT_MAX,
  JOB_PER_MINUTE_MAX,
  JOB_QOS,
  JOB_TIMEOUT_MAX_MIN,
} from "../../defaults.ts";
import { CloudError } from "../../errors.ts";
import type { DeviceJobSpec } from "../../jobs/rollout.ts";
import { type DeviceJobType, JOB_TYPES, type JobFile } from "../../store/device-jobs.ts";
import type { DeviceRecord } from "../../store/device-records.ts";
import { FILE_KEY } from "../../store/file-store.ts";
import { isObject } from "../../thing/alink.ts";
import type { ActionContext } from "../action.ts";
import type { Parameters } from "../parameters.ts";

const MINUTE_MS = 60_000;

/** @throws CloudError that names what is missing or wrong. */
export async function jobSpec(
  parameters: Parameters,
  context: ActionContext,
): Promise<{ spec: DeviceJobSpec; devices: DeviceRecord[] }> {
  const name = parameters.text("JobName");
  if (!/^[\p{Script=Han}A-Za-z0-9_]{4,30}$/u.test(name)) {
    throw wrong("JobName has to be 4 to 30 Chinese characters, letters, digits or _");
  }
  parameters.text("Type");
  const type = parameters.word<DeviceJobType>("Type", JOB_TYPES, "CUSTOM_JOB");
  const document = parameters.object("JobDocument");
  if (parameters.text("JobDocument").length > JOB_DOCUMENT_MAX) {
    throw wrong(`JobDocument has more than ${JOB_DOCUMENT_MAX} characters`);
  }
  checkDocument(type, document);
  const file = await jobFile(parameters, type, context);
  const now = Date.now();
  const scheduleAt = parameters.maybeInteger("ScheduledTime", {
    min: now + 10 * MINUTE_MS,
    max: now + 7 * 24 * 60 * MINUTE_MS,
  });
  const { devices, productKey } = await targets(parameters, context);
  const spec: DeviceJobSpec = {
    name,
    description: "",
    type,
    document,
    maximumPerMinute: JOB_PER_MINUTE_MAX,
    qos: JOB_QOS,
    ...jobChange(parameters),
    ...(file === undefined ? {} : { file }),
    ...(productKey === undefined ? {} : { productKey }),
    ...(scheduleAt === undefined ? {} : { scheduleAt }),
  };
  return { spec, devices };
}

/** What may also be changed later; absent members stay as they are. */
export function jobChange(parameters: Parameters): Partial<DeviceJobSpec> {
  const description = parameters.optional("Description");
  if ((description?.length ?? 0) > JOB_DESCRIPTION_MAX) {
    throw wrong(`Description has more than ${JOB_DESCRIPTION_MAX} characters`);
  }
  const rollout = optionalObject(parameters, "RolloutConfig");
  const timeout = optionalObject(parameters, "TimeoutConfig");
  const perMinute = wholeNumber(rollout, "maximumPerMinute", JOB_PER_MINUTE_MAX);
  const qos = rollout && member(rollout, "messageQoS");
  if (qos !== undefined && !["0", "1"].includes(String(qos))) {
    throw wrong("messageQoS has to be 0 or 1");
  }
  const minutes = wholeNumber(timeout, "inProgressTimeoutInMinutes", JOB_TIMEOUT_MAX_MIN);
  return {
    ...(description === undefined ? {} : { description }),
    ...(perMinute === undefined ? {} : { maximumPerMinute: perMinute }),
    ...(qos === undefined ? {} : { qos: Number(qos) as 0 | 1 }),
    ...(minutes === undefined ? {} : { timeoutMinutes: minutes }),
  };
}

/** Members as the documents name them; that of SET_PROPERTY is unconfirmed. */
function checkDocument(type: DeviceJobType, document: Record<string, unknown>): void {
  const { serviceIdentifier, params, topicShortName, messageContent } = document;
  const lacks = (what: string) => wrong(`JobDocument of ${type} has to have ${what}`);
  if (type === "INVOKE_SERVICE" && typeof serviceIdentifier !== "string") {
    throw lacks("serviceIdentifier, a text");
  }
  if ((type === "INVOKE_SERVICE" || type === "SET_PROPERTY") && !isObject(params)) {
    throw lacks("params, an object");
  }
  if (type !== "PUB") return;
  if (typeof topicShortName !== "string" || !/^[A-Za-z0-9_/]+$/.test(topicShortName)) {
    throw lacks("topicShortName, the part of the topic behind user/");
  }
  if (typeof messageContent !== "string") throw lacks("messageContent, a text in Base64");
}

async function jobFile(
  parameters: Parameters,
  type: DeviceJobType,
  { ota }: ActionContext,
): Promise<JobFile | undefined> {
  const given = optionalObject(parameters, "JobFile");
  if (!given) return undefined;
  if (type !== "CUSTOM_JOB") throw wrong("JobFile is for Type CUSTOM_JOB");
  const key = String(member(given, "fileKey") ?? "");
  const method = String(member(given, "signMethod") ?? "").toLowerCase();
  const sign = String(member(given, "sign") ?? "").toLowerCase();
  if (method !== "md5" && method !== "sha256") throw wrong("signMethod has to be Md5 or Sha256");
  const bytes = key.startsWith("ota/") && FILE_KEY.test(key) ? await ota.files.get(key) : undefined;
  if (!bytes) throw new CloudError("iot.job.FileNotExist", `"${key}" is no uploaded file`);
  const digest = createHash(method).update(bytes).digest("hex");
  if (digest !== sign) throw wrong(`sign is ${sign}, but the file has ${digest}`);
  return { key, signMethod: method === "md5" ? "Md5" : "Sha256", sign };
}

/** The devices of a job, and the product when they are all of it. */
async function targets(
  parameters: Parameters,
  { catalog, devices }: ActionContext,
): Promise<{ devices: DeviceRecord[]; productKey?: string }> {
  const config = parameters.object("TargetConfig");
  const type = member(config, "targetType");
  if (type === "PRODUCT_KEY") {
    const productKey = String(member(config, "targetProduct") ?? "");
    catalog.require(productKey);
    return { devices: await devices.list(productKey), productKey };
  }
  if (type !== "DEVICE_LIST") {
    throw wrong("targetType has to be PRODUCT_KEY or DEVICE_LIST; groups are not offered here");
  }
  const named = member(config, "targetDevices");
  if (!Array.isArray(named) || named.length < 1 || named.length > JOB_DEVICES_MAX) {
    throw wrong(`targetDevices has to be a list of 1 to ${JOB_DEVICES_MAX} devices`);
  }
  const records = new Map<string, DeviceRecord>();
  for (const each of named as unknown[]) {
    if (!isObject(each)) throw wrong("targetDevices has to hold productKey and deviceName");
    const productKey = String(member(each, "productKey"));
    const deviceName = String(member(each, "deviceName"));
    const record = await devices.get({ productKey, deviceName });
    if (!record) {
      const text = `device ${deviceName} of product ${productKey} does not exist`;
      throw new CloudError("iot.device.NotExistedDevice", text);
    }
    records.set(record.iotId, record);
  }
  return { devices: [...records.values()] };
}

function optionalObject(parameters: Parameters, name: string): Record<string, unknown> | undefined {
  return parameters.optional(name) === undefined ? undefined : parameters.object(name);
}

/** The documents write members both with a small and with a capital first letter. */
function member(object: Record<string, unknown>, name: string): unknown {
  return object[name] ?? object[name.charAt(0).toUpperCase() + name.slice(1)];
}

function wholeNumber(
  object: Record<string, unknown> | undefined,
  name: string,
  max: number,
): number | undefined {
  const value = object && member(object, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw wrong(`${name} has to be a whole number from 1 to ${max}`);
}

function wrong(text: string): CloudError {
  return new CloudError("iot.common.InvalidFormattedParameter", text);
}
