/**
 * Actions on devices: registering, looking up, switching off and on, deleting.
 * @module
 */
import { randomBytes } from "node:crypto";
import { statusOf } from "../../device-view.ts";
import { CloudError } from "../../errors.ts";
import { DEFAULT_MODULE } from "../../store/ota-records.ts";
import type { Action } from "../action.ts";
import { gmt, utc } from "../times.ts";

export const RegisterDevice: Action = async (parameters, { catalog, devices }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  const named = parameters.optional("DeviceName") !== undefined;
  const device = named
    ? parameters.deviceId()
    : { productKey, deviceName: randomBytes(10).toString("hex") };
  if (await devices.get(device)) {
    const text = `device ${device.deviceName} exists already`;
    throw new CloudError("iot.device.AlreadyExistedDeviceName", text);
  }
  const record = await devices.create(device, { nickname: parameters.optional("Nickname") ?? "" });
  return {
    Data: {
      ProductKey: record.productKey,
      DeviceName: record.deviceName,
      DeviceSecret: record.deviceSecret,
      IotId: record.iotId,
      Nickname: record.nickname,
    },
  };
};

export const QueryDeviceDetail: Action = async (parameters, context) => {
  const record = await parameters.device(context.devices);
  const firmware = await context.versions.get(record, DEFAULT_MODULE);
  return {
    Data: {
      ProductKey: record.productKey,
      ProductName: context.catalog.get(record.productKey)?.name ?? "",
      DeviceName: record.deviceName,
      DeviceSecret: record.deviceSecret,
      IotId: record.iotId,
      Nickname: record.nickname,
      Status: statusOf(record, context.broker),
      FirmwareVersion: firmware?.version ?? "",
      IpAddress: record.address ?? "",
      NodeType: context.catalog.get(record.productKey)?.nodeType === "gateway" ? 1 : 0,
      Owner: true,
      Region: "local",
      GmtCreate: gmt(record.createdAt),
      GmtActive: gmt(record.activeAt),
      GmtOnline: gmt(record.onlineAt),
      UtcCreate: utc(record.createdAt),
      UtcActive: utc(record.activeAt),
      UtcOnline: utc(record.onlineAt),
    },
  };
};

export const GetDeviceStatus: Action = async (parameters, { broker, devices }) => {
  const record = await parameters.device(devices);
  const status = statusOf(record, broker);
  const changedAt = status === "ONLINE" ? record.onlineAt : record.offlineAt;
  return { Data: { Status: status, Timestamp: changedAt ?? record.createdAt } };
};

export const QueryDevice: Action = async (parameters, { broker, catalog, devices }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  const pageSize = parameters.integer("PageSize", { min: 1, max: 50, preset: 10 });
  const page = parameters.integer("CurrentPage", { min: 1, max: 1e6, preset: 1 });
  const records = await devices.list(productKey);
  const DeviceInfo = records.slice((page - 1) * pageSize, page * pageSize).map((record) => ({
    ProductKey: record.productKey,
    DeviceName: record.deviceName,
    DeviceId: record.deviceName,
    DeviceSecret: record.deviceSecret,
    DeviceStatus: statusOf(record, broker),
    IotId: record.iotId,
    Nickname: record.nickname,
    GmtCreate: gmt(record.createdAt),
    GmtModified: gmt(record.createdAt),
    UtcCreate: utc(record.createdAt),
    UtcModified: utc(record.createdAt),
  }));
  return {
    Total: records.length,
    Page: page,
    PageSize: pageSize,
    PageCount: Math.ceil(records.length / pageSize),
    Data: { DeviceInfo },
  };
};

export const DisableThing: Action = async (parameters, { devices, lifecycle }) => {
  await lifecycle.disable(await parameters.device(devices));
  return {};
};

export const EnableThing: Action = async (parameters, { devices, lifecycle }) => {
  await lifecycle.enable(await parameters.device(devices));
  return {};
};

export const DeleteDevice: Action = async (parameters, { devices, lifecycle }) => {
  await lifecycle.delete(await parameters.device(devices));
  return {};
};
