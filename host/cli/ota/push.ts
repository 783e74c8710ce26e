/**
 * The way of a package to devices: upload, package, job, and following its tasks.
 * @module
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_MODULE } from "../../cloud/store/ota-records.ts";
import { ApiError, type IotApi, iot } from "./iot-api.ts";
import type { UpdatePackage } from "./update-package.ts";

export interface PushTarget {
  productKey: string;
  devices: string[];
  /** Of an enterprise instance. */
  instance?: string | undefined;
}

export interface PushOptions {
  signMethod: "MD5" | "SHA256";
  mqtt: boolean;
  /** A job that verifies the package rather than one that distributes it. */
  verify: boolean;
  /** Minutes from the first progress report. */
  timeout?: number | undefined;
  /** Whether waiting updates of the devices give way. */
  overwrite: boolean;
}

/** A device's update as the platform shows it. */
export interface TaskView {
  deviceName: string;
  status: string;
  progress: number;
  desc: string;
}

const FINAL = ["SUCCEEDED", "FAILED", "CANCELED"];

export function isFinal({ status }: TaskView): boolean {
  return FINAL.includes(status);
}

/** Uploads, creates package and job; gives the job's id. @throws ApiError. */
export async function startJob(
  api: IotApi,
  target: PushTarget,
  update: UpdatePackage,
  options: PushOptions,
): Promise<string> {
  await ensureModule(api, target, update.module);
  const firmwareId = await createFirmware(api, target, update, options);
  const request = {
    ...instanceOf(target),
    productKey: target.productKey,
    firmwareId,
    targetDeviceName: target.devices,
    downloadProtocol: options.mqtt ? "MQTT" : "HTTPS",
    needPush: true,
    needConfirm: false,
    ...(options.timeout === undefined ? {} : { timeoutInMinutes: options.timeout }),
  };
  const { data } = options.verify
    ? await api.call("CreateOTAVerifyJob", () =>
        api.client.createOTAVerifyJob(new iot.CreateOTAVerifyJobRequest(request)),
      )
    : await api.call("CreateOTAStaticUpgradeJob", () =>
        api.client.createOTAStaticUpgradeJob(
          new iot.CreateOTAStaticUpgradeJobRequest({
            ...request,
            targetSelection: "SPECIFIC",
            overwriteMode: options.overwrite ? 2 : 1,
          }),
        ),
      );
  return String(data?.jobId);
}

/** The tasks of a job as they are now. */
export async function tasksOf(api: IotApi, target: PushTarget, jobId: string): Promise<TaskView[]> {
  const request = new iot.ListOTATaskByJobRequest({
    ...instanceOf(target),
    jobId,
    deviceNames: target.devices,
    currentPage: 1,
    pageSize: 100,
  });
  const { data } = await api.call("ListOTATaskByJob", () => api.client.listOTATaskByJob(request));
  return (data?.simpleOTATaskInfo ?? []).map(
    ({ deviceName = "", taskStatus = "", progress = "0", taskDesc = "" }) => ({
      deviceName,
      status: taskStatus,
      progress: Number(progress) || 0,
      desc: taskDesc,
    }),
  );
}

/**
 * Follows a job until all its tasks have ended, or no time is left.
 * @param show is told the tasks whenever they were looked up.
 * @returns the tasks as they were last.
 */
export async function follow(
  api: IotApi,
  target: PushTarget,
  jobId: string,
  { pollMs, waitMs }: { pollMs: number; waitMs: number },
  show: (tasks: TaskView[]) => void,
): Promise<TaskView[]> {
  const until = Date.now() + waitMs;
  for (;;) {
    const tasks = await tasksOf(api, target, jobId);
    show(tasks);
    // The platform may take a moment to make the tasks.
    const ended = tasks.length >= target.devices.length && tasks.every(isFinal);
    if (ended || Date.now() + pollMs > until) return tasks;
    await sleep(pollMs);
  }
}

/** Cancels all that is not done yet of a job. */
export async function cancelJob(api: IotApi, jobId: string, instance?: string): Promise<void> {
  const request = new iot.CancelOTATaskByJobRequest({
    ...(instance === undefined ? {} : { iotInstanceId: instance }),
    jobId,
    cancelScheduledTask: true,
    cancelUnconfirmedTask: true,
    cancelQueuedTask: true,
    cancelNotifiedTask: true,
    cancelInProgressTask: true,
  });
  await api.call("CancelOTATaskByJob", () => api.client.cancelOTATaskByJob(request));
}

/** The first of some products that has a device. */
export async function findProduct(
  api: IotApi,
  productKeys: readonly string[],
  deviceName: string,
): Promise<string | undefined> {
  for (const productKey of productKeys) {
    const request = new iot.QueryDeviceDetailRequest({ productKey, deviceName });
    try {
      await api.call("QueryDeviceDetail", () => api.client.queryDeviceDetail(request));
      return productKey;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.code.startsWith("iot.device.")) throw error;
    }
  }
  return undefined;
}

async function ensureModule(api: IotApi, target: PushTarget, moduleName: string): Promise<void> {
  if (moduleName === DEFAULT_MODULE) return;
  const product = { ...instanceOf(target), productKey: target.productKey };
  const list = new iot.ListOTAModuleByProductRequest(product);
  const { data } = await api.call("ListOTAModuleByProduct", () =>
    api.client.listOTAModuleByProduct(list),
  );
  if (data?.some((module) => module.moduleName === moduleName)) return;
  const create = new iot.CreateOTAModuleRequest({ ...product, moduleName });
  await api.call("CreateOTAModule", () => api.client.createOTAModule(create));
}

async function createFirmware(
  api: IotApi,
  target: PushTarget,
  { module, version, files }: UpdatePackage,
  { signMethod, verify }: PushOptions,
): Promise<string> {
  const uploads: { name: string; url: string; bytes: Buffer }[] = [];
  for (const { name, bytes } of files) {
    uploads.push({ name, bytes, url: await upload(api, target, bytes) });
  }
  const digest = (bytes: Buffer, method: string) => createHash(method).update(bytes).digest("hex");
  const [first] = uploads as [(typeof uploads)[number]];
  const content =
    uploads.length === 1
      ? {
          firmwareUrl: first.url,
          firmwareSize: first.bytes.length,
          firmwareSign: digest(first.bytes, signMethod),
        }
      : {
          multiFiles: uploads.map(
            ({ name, url, bytes }) =>
              new iot.CreateOTAFirmwareRequestMultiFiles({
                name,
                url,
                size: bytes.length,
                signValue: digest(bytes, signMethod),
                fileMd5: digest(bytes, "MD5"),
              }),
          ),
        };
  const request = new iot.CreateOTAFirmwareRequest({
    ...instanceOf(target),
    productKey: target.productKey,
    moduleName: module,
    destVersion: version,
    firmwareName: packageName(module, version),
    signMethod,
    type: 0,
    needToVerify: verify,
    ...content,
  });
  const { data } = await api.call("CreateOTAFirmware", () => api.client.createOTAFirmware(request));
  return String(data?.firmwareId);
}

/** Uploads one file by form, as the object storage expects it; gives its address. */
async function upload(api: IotApi, target: PushTarget, bytes: Buffer): Promise<string> {
  const request = new iot.GenerateOTAUploadURLRequest({ ...instanceOf(target), fileSuffix: "bin" });
  const { data: permit } = await api.call("GenerateOTAUploadURL", () =>
    api.client.generateOTAUploadURL(request),
  );
  const { key, policy, OSSAccessKeyId, signature } = permit ?? {};
  const form = new FormData();
  const fields = { key, policy, OSSAccessKeyId, signature, success_action_status: "200" };
  for (const [name, value] of Object.entries(fields)) form.append(name, value ?? "");
  // The storage ignores what follows the file.
  form.append("file", new Blob([new Uint8Array(bytes)]), "file");
  const response = await fetch(String(permit?.host), { method: "POST", body: form });
  if (response.ok) return String(permit?.firmwareUrl);
  const code = /<Code>([^<]*)/.exec(await response.text())?.[1] ?? "";
  throw new ApiError("upload", code || String(response.status), `HTTP status ${response.status}`);
}

/** Unique, and of the characters and the length that Alibaba allows. */
function packageName(module: string, version: string): string {
  const unique = Date.now().toString(36);
  const text = `${module}-${version}`.replace(/[^A-Za-z0-9_-]/g, "_").replace(/^[_-]+/, "");
  return `${text.slice(0, 39 - unique.length)}-${unique}`;
}

function instanceOf({ instance }: PushTarget): { iotInstanceId?: string } {
  return instance === undefined ? {} : { iotInstanceId: instance };
}
