/**
 * Actions that read what devices reported. `StartTime` and `EndTime` may come in either order.
 * @module
 */
import type { HistoryEntry, HistoryQuery } from "../../store/history.ts";
import type { Action } from "../action.ts";
import type { Parameters } from "../parameters.ts";

const PAGE_MAX = 100;
const TIME_MAX = 10 ** 15 - 1;

export const QueryDevicePropertyStatus: Action = async (parameters, context) => {
  const record = await parameters.device(context.devices);
  const { model } = context.catalog.require(record.productKey);
  const values = await context.history.values(record);
  const PropertyStatusInfo = [...model.properties.values()].map((property) => {
    const { identifier, name, dataType } = property;
    const current = values[identifier];
    const { unit = "" } = dataType.specs as { unit?: string };
    return {
      Identifier: identifier,
      Name: name,
      DataType: dataType.type,
      Unit: unit,
      ...(current ? { Value: textOf(current.value), Time: String(current.time) } : {}),
    };
  });
  return { Data: { List: { PropertyStatusInfo } } };
};

export const QueryDevicePropertyData: Action = async (parameters, { devices, history }) => {
  const record = await parameters.device(devices);
  const identifiers = [parameters.text("Identifier")];
  const query = readQuery(parameters);
  const entries = await history.query("property", record, { ...query, identifiers });
  const page = paginate(entries, query.limit);
  const PropertyInfo = page.entries.map(({ time, value }) => ({
    Time: String(time),
    Value: textOf(value),
  }));
  return { Data: { ...page.next, List: { PropertyInfo } } };
};

export const QueryDeviceEventData: Action = async (parameters, context) => {
  const record = await parameters.device(context.devices);
  const { model } = context.catalog.require(record.productKey);
  const query = readQuery(parameters);
  const type = parameters.optional("EventType");
  const identifier = parameters.optional("Identifier");
  const identifiers = [...model.events.values()]
    .filter((event) => type === undefined || event.type === type)
    .map((event) => event.identifier)
    .filter((name) => identifier === undefined || name === identifier);
  const entries = await context.history.query("event", record, { ...query, identifiers });
  const page = paginate(entries, query.limit);
  const EventInfo = page.entries.map(({ identifier: name, time, value }) => ({
    Identifier: name,
    Name: model.events.get(name)?.name ?? name,
    EventType: model.events.get(name)?.type ?? "",
    OutputData: JSON.stringify(value),
    Time: String(time),
  }));
  return { Data: { ...page.next, List: { EventInfo } } };
};

export const QueryDeviceServiceData: Action = async (parameters, context) => {
  const record = await parameters.device(context.devices);
  const { model } = context.catalog.require(record.productKey);
  const query = readQuery(parameters);
  const identifier = parameters.optional("Identifier");
  const entries = await context.history.query("service", record, {
    ...query,
    ...(identifier === undefined ? {} : { identifiers: [identifier] }),
  });
  const page = paginate(entries, query.limit);
  const ServiceInfo = page.entries.map(({ identifier: name, time, value }) => {
    const { input, ...output } = value as { input: unknown };
    return {
      Identifier: name,
      Name: model.services.get(name)?.name ?? name,
      InputData: JSON.stringify(input),
      OutputData: JSON.stringify(output),
      Time: String(time),
    };
  });
  return { Data: { ...page.next, List: { ServiceInfo } } };
};

/** One entry more than asked for, to know where the next page begins. */
function readQuery(parameters: Parameters): HistoryQuery & { limit: number } {
  const start = parameters.integer("StartTime", { min: 0, max: TIME_MAX });
  const end = parameters.integer("EndTime", { min: 0, max: TIME_MAX });
  return {
    from: Math.min(start, end),
    to: Math.max(start, end),
    ascending: parameters.integer("Asc", { min: 0, max: 1, preset: 0 }) === 1,
    limit: parameters.integer("PageSize", { min: 1, max: PAGE_MAX, preset: 10 }) + 1,
  };
}

function paginate(
  entries: HistoryEntry[],
  limit: number,
): { entries: HistoryEntry[]; next: { NextValid: boolean; NextTime?: number } } {
  const following = entries[limit - 1];
  return {
    entries: entries.slice(0, limit - 1),
    next: following ? { NextValid: true, NextTime: following.time } : { NextValid: false },
  };
}

/** Values are texts: numbers in digits, structs and arrays as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
