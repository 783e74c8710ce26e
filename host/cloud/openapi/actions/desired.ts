/**
 * Actions on desired values.
 * @module
 */
import { CloudError } from "../../errors.ts";
import { checkValue } from "../../thing/check.ts";
import type { Action } from "../action.ts";

export const SetDeviceDesiredProperty: Action = async (parameters, context) => {
  const { broker, catalog, commands, desired, devices } = context;
  const device = await parameters.device(devices);
  const items = parameters.object("Items");
  const expected =
    parameters.optional("Versions") === undefined ? {} : parameters.object("Versions");
  const { model } = catalog.require(device.productKey);
  for (const [name, value] of Object.entries(items)) {
    const property = model.properties.get(name);
    if (property?.accessMode !== "rw") {
      const text = `${name} is no property that can be set`;
      throw new CloudError("iot.device.SetDevicePropertyFailed", text);
    }
    const complaint = value === null ? undefined : checkValue(value, property.dataType);
    if (complaint) {
      const text = `${name}: ${complaint.code} ${complaint.text}`;
      throw new CloudError("iot.device.SetDevicePropertyFailed", text);
    }
    const version = await desired.version(device, name);
    if (expected[name] !== undefined && Number(expected[name]) !== version) {
      const text = `${name}: the current version is ${version}`;
      throw new CloudError("iot.device.SetDevicePropertyFailed", text);
    }
  }
  const versions: Record<string, number> = {};
  for (const [name, value] of Object.entries(items)) {
    if (value === null) await desired.delete(device, name);
    else versions[name] = await desired.set(device, name, value);
  }
  const values = Object.fromEntries(Object.entries(items).filter(([, value]) => value !== null));
  // A device that is online is told at once; others ask when they come.
  const told =
    broker.session(device)?.online && Object.keys(values).length > 0
      ? { MessageId: (await commands.setProperty(device, values)).messageId }
      : {};
  return { Data: { ...told, Versions: JSON.stringify(versions) } };
};

export const QueryDeviceDesiredProperty: Action = async (parameters, context) => {
  const { catalog, desired, devices } = context;
  const device = await parameters.device(devices);
  const { model } = catalog.require(device.productKey);
  const wanted = parameters.list("Identifier");
  const all = await desired.all(device);
  const DesiredPropertyInfo = [...model.properties.values()]
    .filter(({ identifier }) => wanted.length === 0 || wanted.includes(identifier))
    .filter(({ identifier }) => all[identifier] !== undefined)
    .map(({ identifier, name, dataType }) => {
      const { value, version } = all[identifier] ?? { value: undefined, version: 0 };
      const Value = typeof value === "string" ? value : JSON.stringify(value);
      const { unit: Unit = "" } = dataType.specs as { unit?: string };
      return {
        Identifier: identifier,
        Name: name,
        DataType: dataType.type,
        Unit,
        Value,
        Version: version,
      };
    });
  return { Data: { List: { DesiredPropertyInfo } } };
};
