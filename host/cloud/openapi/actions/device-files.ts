/**
 * Actions on the files that devices have uploaded
 * (help.aliyun.com/document_detail/112001.html, 112002.html).
 * @module
 */
import { CloudError } from "../../errors.ts";
import type { DeviceFileRecord, DeviceFiles } from "../../store/device-files.ts";
import type { DeviceRecord } from "../../store/device-records.ts";
import type { Action } from "../action.ts";
import { paged } from "../pages.ts";
import { utc } from "../times.ts";

const PAGE_MAX = 200;

export const QueryDeviceFileList: Action = async (parameters, { devices, deviceFiles }) => {
  const device = await parameters.device(devices);
  const pageSize = parameters.integer("PageSize", { min: 1, max: PAGE_MAX, preset: 10 });
  const page = parameters.integer("CurrentPage", { min: 1, max: 1e6, preset: 1 });
  const complete = (await deviceFiles.ofDevice(device)).filter((file) => file.complete);
  const { shown, members } = paged(complete, { page, pageSize });
  return { ...members, Data: { FileSummary: shown.map(describe) } };
};

/** With an address for the download. */
export const QueryDeviceFile: Action = async (parameters, context) => {
  const { devices, deviceFiles, ota, callerHost } = context;
  const device = await parameters.device(devices);
  const file = await require(deviceFiles, device, parameters.text("FileId"));
  const DownloadUrl = ota.addressOf(file.key, callerHost);
  return { Data: { ...describe(file), DownloadUrl } };
};

export const DeleteDeviceFile: Action = async (parameters, { devices, deviceFiles }) => {
  const device = await parameters.device(devices);
  await deviceFiles.delete(await require(deviceFiles, device, parameters.text("FileId")));
  return {};
};

/** Alibaba's code for a file that does not exist is unconfirmed. */
async function require(
  files: DeviceFiles,
  { productKey, deviceName }: DeviceRecord,
  fileId: string,
): Promise<DeviceFileRecord> {
  const file = await files.get(fileId);
  if (file?.complete && file.productKey === productKey && file.deviceName === deviceName) {
    return file;
  }
  throw new CloudError("iot.file.FileNotExist", `device ${deviceName} has no file ${fileId}`);
}

function describe({ fileId, name, size, createdAt }: DeviceFileRecord) {
  return { FileId: fileId, Name: name, Size: String(size), UtcCreatedOn: utc(createdAt) };
}
