/**
 * Actions on the thing model: setting properties, invoking services, reading and importing TSLs.
 * @module
 */
import { CloudError } from "../../errors.ts";
import type { Action } from "../action.ts";

const DEVICES_MAX = 100;

export const SetDeviceProperty: Action = async (parameters, { devices, commands }) => {
  const device = await parameters.device(devices);
  const { messageId } = await commands.setProperty(device, parameters.object("Items"));
  return { Data: { MessageId: messageId } };
};

export const SetDevicesProperty: Action = async (parameters, { devices, commands }) => {
  const productKey = parameters.productKey();
  const names = parameters.list("DeviceName");
  if (names.length === 0 || names.length > DEVICES_MAX) {
    const text = `DeviceName has to be a list of 1 to ${DEVICES_MAX} names`;
    throw new CloudError("iot.device.NoneDeviceNameElement", text);
  }
  const items = parameters.object("Items");
  const missing: string[] = [];
  for (const deviceName of names) {
    if (!(await devices.get({ productKey, deviceName }))) missing.push(deviceName);
  }
  if (missing.length > 0) {
    const text = `these devices do not exist: ${missing.join(", ")}`;
    throw new CloudError("iot.device.NotExistedDevice", text);
  }
  const failures: string[] = [];
  for (const deviceName of names) {
    try {
      await commands.setProperty({ productKey, deviceName }, items);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      failures.push(`${deviceName}: ${error.message}`);
    }
  }
  if (failures.length === 0) return {};
  throw new CloudError("iot.device.SetDevicePropertyFailed", failures.join("; "));
};

export const InvokeThingService: Action = async (parameters, { devices, commands }) => {
  const device = await parameters.device(devices);
  const identifier = parameters.text("Identifier");
  const { callType } = commands.service(device, identifier);
  const input = parameters.object("Args");
  const { messageId, reply } = await commands.invokeService(device, identifier, input);
  if (callType === "async") return { Data: { MessageId: messageId } };
  const { code, data, message } = await reply;
  const Data = { MessageId: messageId, Result: JSON.stringify(data) };
  // A code of the device's own is handed to the caller (help.aliyun.com/document_detail/69584.html).
  return code === 200
    ? { Data }
    : { Success: false, Code: String(code), ErrorMessage: message || "the device failed", Data };
};

const SCRIPT_TYPE = "JavaScript";

export const CreateThingScript: Action = async (parameters, { catalog }) => {
  const type = parameters.text("ScriptType");
  if (type !== SCRIPT_TYPE) {
    const text = `ScriptType is ${type}, but only ${SCRIPT_TYPE} is offered`;
    throw new CloudError("iot.common.InvalidFormattedParameter", text);
  }
  await catalog.setScript(parameters.productKey(), parameters.text("ScriptContent"));
  return {};
};

export const UpdateThingScript = CreateThingScript;

/** Alibaba gives an address to download the script from; this one holds it. */
export const GetThingScript: Action = async (parameters, { catalog }) => {
  const productKey = parameters.productKey();
  const { script } = catalog.require(productKey);
  if (!script) {
    const text = `product ${productKey} has no parse script`;
    throw new CloudError("iot.thing.NotExistedScript", text);
  }
  const base64 = Buffer.from(script.source).toString("base64");
  const ScriptUrl = `data:text/javascript;base64,${base64}`;
  return { Data: { ScriptType: SCRIPT_TYPE, ScriptUrl } };
};

export const GetThingModelTsl: Action = async (parameters, { catalog }) => {
  const { model } = catalog.require(parameters.productKey());
  return { Data: { TslStr: JSON.stringify(model.json), TslUri: "" } };
};

export const ImportThingModelTsl: Action = async (parameters, { catalog }) => {
  await catalog.importModel(parameters.productKey(), parameters.object("TslStr"));
  return {};
};
