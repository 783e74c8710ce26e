/**
 * Actions on gateways and their sub-devices.
 * @module
 */

import { SUB_DEVICES_MAX, TOPOLOGY_API_MAX } from "../../defaults.ts";
import type { DeviceId } from "../../device-id.ts";
import { statusOf } from "../../device-view.ts";
import { CloudError } from "../../errors.ts";
import { type Entry, readEntries } from "../../gateway/entries.ts";
import { Refused } from "../../gateway/refused.ts";
import type { DeviceRecord, DeviceRecords } from "../../store/device-records.ts";
import { DEFAULT_MODULE } from "../../store/ota-records.ts";
import type { Action } from "../action.ts";
import { paged } from "../pages.ts";
import type { Parameters } from "../parameters.ts";
import { gmt, utc } from "../times.ts";

export const GetThingTopo: Action = async (parameters, { devices, gateways }) => {
  const gateway = await parameters.device(devices);
  const pageSize = parameters.integer("PageSize", { min: 1, max: 50, preset: 10 });
  const page = parameters.integer("PageNo", { min: 1, max: 1e6, preset: 1 });
  const { shown, members } = paged(gateways.topology.subDevices(gateway), { page, pageSize });
  const deviceInfo: unknown[] = [];
  for (const sub of shown) {
    const iotId = (await devices.get(sub))?.iotId ?? "";
    deviceInfo.push({ IotId: iotId, ProductKey: sub.productKey, DeviceName: sub.deviceName });
  }
  return { Data: { ...members, List: { deviceInfo } } };
};

/** Success says that the gateway was asked, not what it does. */
export const NotifyAddThingTopo: Action = async (parameters, { devices, gateways }) => {
  const gateway = await gatewayOf(parameters, devices);
  const entries: DeviceId[] = [];
  for (const named of readNames(parameters)) entries.push(await find(named, devices));
  const { messageId, delivery } = await refusing(() => gateways.askToAdd(gateway, entries));
  if (delivery === "sent" || delivery === "stored") return { Data: { MessageId: messageId } };
  const text = `${gateway.deviceName} is ${delivery}`;
  throw new CloudError("iot.messagebroker.OFFLINE", text);
};

export const BatchAddThingTopo: Action = async (parameters, { devices, gateways }) => {
  const gateway = await gatewayOf(parameters, devices);
  const members = [
    "ProductKey",
    "DeviceName",
    "ClientId",
    "Timestamp",
    "SignMethod",
    "Sign",
  ] as const;
  const items = parameters.records("TopoAddItem", members).map((item) => ({
    productKey: item.ProductKey,
    deviceName: item.DeviceName,
    ...(item.ClientId === "" ? {} : { clientId: item.ClientId }),
    ...(item.Timestamp === "" ? {} : { timestamp: item.Timestamp }),
    signMethod: item.SignMethod,
    sign: item.Sign,
  }));
  await refusing(async () => gateways.add(gateway, readEntries(items, TOPOLOGY_API_MAX)));
  return {};
};

/** Of a sub-device its place, of a gateway those of all its sub-devices. */
export const RemoveThingTopo: Action = async (parameters, { devices, gateways }) => {
  await gateways.remove(await parameters.device(devices));
  return { Data: true };
};

export const GetGatewayBySubDevice: Action = async (parameters, context) => {
  const { broker, catalog, devices, gateways, versions } = context;
  const gateway = gateways.topology.gatewayOf(await parameters.device(devices));
  const record = gateway && (await devices.get(gateway));
  if (!record) {
    throw new CloudError("iot.device.NotExistedTopo", "the device belongs to no gateway");
  }
  return {
    Data: {
      ProductKey: record.productKey,
      ProductName: catalog.get(record.productKey)?.name ?? "",
      DeviceName: record.deviceName,
      DeviceSecret: record.deviceSecret,
      iotId: record.iotId,
      FirmwareVersion: (await versions.get(record, DEFAULT_MODULE))?.version ?? "",
      IpAddress: record.address ?? "",
      NodeType: "1",
      Status: statusOf(record, broker),
      region: "local",
      GmtCreate: gmt(record.createdAt),
      GmtActive: gmt(record.activeAt),
      GmtOnline: gmt(record.onlineAt),
      UtcCreate: utc(record.createdAt),
      UtcActive: utc(record.activeAt),
      UtcOnline: utc(record.onlineAt),
    },
  };
};

/** The device that `GwIotId`, or `GwProductKey` and `GwDeviceName` name. */
function gatewayOf(parameters: Parameters, devices: DeviceRecords): Promise<DeviceRecord> {
  const iotId = parameters.optional("GwIotId");
  if (iotId) return find({ IotId: iotId }, devices);
  const productKey = parameters.text("GwProductKey");
  return find({ productKey, deviceName: parameters.text("GwDeviceName") }, devices);
}

/** `[{"productKey", "deviceName"} or {"IotId"}, …]` */
function readNames(parameters: Parameters): Record<string, unknown>[] {
  try {
    const list: unknown = JSON.parse(parameters.text("DeviceListStr"));
    if (Array.isArray(list) && list.length > 0 && list.length <= SUB_DEVICES_MAX) return list;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const text = `DeviceListStr has to be the text of a list of 1 to ${SUB_DEVICES_MAX} devices`;
  throw new CloudError("iot.common.InvalidFormattedParameter", text);
}

async function find(named: unknown, devices: DeviceRecords): Promise<DeviceRecord> {
  const { IotId, productKey, deviceName } = (named ?? {}) as Entry["fields"];
  const record =
    typeof IotId === "string"
      ? await devices.byIotId(IotId)
      : await devices.get({ productKey: String(productKey), deviceName: String(deviceName) });
  if (record) return record;
  const text = `device ${String(IotId ?? deviceName)} does not exist`;
  throw new CloudError("iot.device.NotExistedDevice", text);
}

/** Codes of the topology as the API's. Unconfirmed: the API's own names were not at hand. */
async function refusing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const code = error.code === 6100 ? "iot.device.NotExistedDevice" : "iot.device.AddTopoFailed";
    throw new CloudError(code, `${error.code} ${error.message}`);
  }
}
