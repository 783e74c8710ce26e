/**
 * Actions on devices' tags.
 * @module
 */
import { CloudError } from "../../errors.ts";
import type { Action } from "../action.ts";

const TAGS_ASKED_MAX = 10;

export const SaveDeviceProp: Action = async (parameters, { devices, tags }) => {
  tags.save(await parameters.device(devices), parameters.object("Props"));
  return {};
};

export const QueryDeviceProp: Action = async (parameters, { devices, tags }) => {
  return { Props: JSON.stringify(tags.get(await parameters.device(devices))) };
};

export const DeleteDeviceProp: Action = async (parameters, { devices, tags }) => {
  tags.delete(await parameters.device(devices), parameters.text("PropKey"));
  return {};
};

/** Devices of all products that have all of the given tags. */
export const QueryDeviceByTags: Action = async (parameters, { catalog, devices, tags }) => {
  const { page, pageSize } = parameters.page();
  const wanted = parameters.records("Tag", ["TagKey", "TagValue"]);
  if (wanted.length === 0 || wanted.length > TAGS_ASKED_MAX) {
    const text = `Tag has to be a list of 1 to ${TAGS_ASKED_MAX} tags`;
    throw new CloudError("iot.common.InvalidFormattedParameter", text);
  }
  const found: Record<string, string>[] = [];
  for (const { productKey, name } of catalog.list()) {
    for (const record of await devices.list(productKey)) {
      const own = tags.get(record);
      const fits = wanted.every(({ TagKey, TagValue }) =>
        TagValue === "" ? Object.hasOwn(own, TagKey) : own[TagKey] === TagValue,
      );
      if (!fits) continue;
      found.push({
        ProductName: name,
        ProductKey: productKey,
        DeviceName: record.deviceName,
        DeviceId: record.deviceName,
        IotId: record.iotId,
      });
    }
  }
  return {
    Total: found.length,
    Page: page,
    PageSize: pageSize,
    PageCount: Math.ceil(found.length / pageSize),
    Data: { SimpleDeviceInfo: found.slice((page - 1) * pageSize, page * pageSize) },
  };
};
