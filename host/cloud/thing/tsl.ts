/**
 * The thing model (TSL) of a product: its JSON form as Alibaba's console exports it, its validation
 * and look-up by identifier (help.aliyun.com/document_detail/73727.html).
 * @module
 */
import { ConfigurationError } from "../errors.ts";

export type DataType =
  | { type: "int" | "float" | "double"; specs: NumberSpecs }
  | { type: "bool" | "enum"; specs: Record<string, string> }
  | { type: "text"; specs: { length?: string } }
  | { type: "date"; specs: unknown }
  | { type: "struct"; specs: Parameter[] }
  | { type: "array"; specs: { size: string; item: DataType } };

export interface NumberSpecs {
  min?: string;
  max?: string;
  unit?: string;
}

export interface Parameter {
  identifier: string;
  name: string;
  dataType: DataType;
}

export interface Property extends Parameter {
  accessMode: "r" | "rw";
  required?: boolean;
}

export interface Event {
  identifier: string;
  name: string;
  type: "info" | "alert" | "error";
  outputData: Parameter[];
}

export interface Service {
  identifier: string;
  name: string;
  callType: "async" | "sync";
  /** Of the built-in service `get` these are identifiers, not parameters. */
  inputData: Parameter[];
  outputData: Parameter[];
}

/** A thing model ready for look-up; `json` is the file as it came. */
export class ThingModel {
  readonly json: Record<string, unknown>;
  readonly properties = new Map<string, Property>();
  readonly events = new Map<string, Event>();
  readonly services = new Map<string, Service>();

  /**
   * @param where names the source in messages, e.g. `"product a1B2c3D4e5F"`.
   * @throws ConfigurationError that names the first place which is not as a TSL has to be.
   */
  constructor(json: unknown, where: string) {
    const model = object(json, where);
    this.json = model;
    collect(model, "properties", where, this.properties, checkProperty);
    collect(model, "events", where, this.events, checkEvent);
    collect(model, "services", where, this.services, checkService);
  }
}

const NUMBERS = ["int", "float", "double"];
const TYPES = [...NUMBERS, "bool", "enum", "text", "date", "struct", "array"];
const IDENTIFIER = /^[A-Za-z0-9_]{1,50}$/;

function collect<T>(
  model: Record<string, unknown>,
  list: string,
  where: string,
  into: Map<string, T>,
  check: (item: Record<string, unknown>, where: string) => void,
): void {
  const items = array(model[list] ?? [], `${where}: "${list}"`);
  items.forEach((item, index) => {
    const entry = object(item, `${where}: ${list}[${index}]`);
    const identifier = identifierOf(entry, `${where}: ${list}[${index}]`);
    if (into.has(identifier)) fail(`${where}: ${list}: "${identifier}"`, "a different identifier");
    check(entry, `${where}: ${list}: "${identifier}"`);
    into.set(identifier, entry as T);
  });
}

function checkProperty(property: Record<string, unknown>, where: string): void {
  oneOf(property, "accessMode", ["r", "rw"], where);
  checkType(property.dataType, where);
}

function checkEvent(event: Record<string, unknown>, where: string): void {
  oneOf(event, "type", ["info", "alert", "error"], where);
  checkParameters(event, "outputData", where);
}

function checkService(service: Record<string, unknown>, where: string): void {
  oneOf(service, "callType", ["async", "sync"], where);
  const get = service.identifier === "get";
  if (!get) checkParameters(service, "inputData", where);
  checkParameters(service, "outputData", where);
}

function checkParameters(owner: Record<string, unknown>, list: string, where: string): void {
  owner[list] ??= [];
  array(owner[list], `${where}: "${list}"`).forEach((item, index) => {
    const parameter = object(item, `${where}: ${list}[${index}]`);
    const identifier = identifierOf(parameter, `${where}: ${list}[${index}]`);
    checkType(parameter.dataType, `${where}: ${list}: "${identifier}"`);
  });
}

function checkType(value: unknown, where: string): void {
  const dataType = object(value, `${where}: "dataType"`);
  oneOf(dataType, "type", TYPES, `${where}: dataType`);
  const type = dataType.type as string;
  if (type === "struct") {
    checkParameters(dataType, "specs", `${where}: dataType`);
  } else if (type === "array") {
    const specs = object(dataType.specs, `${where}: dataType: "specs"`);
    if (!(Number(specs.size) > 0)) fail(`${where}: specs: "size"`, "a number above 0");
    const item = object(specs.item, `${where}: specs: "item"`);
    checkType(item, `${where}: specs: item`);
  } else if (type === "bool" || type === "enum") {
    const keys = Object.keys(object(dataType.specs, `${where}: dataType: "specs"`));
    if (!keys.every((key) => /^-?\d+$/.test(key))) fail(`${where}: specs`, "integer keys");
  } else {
    dataType.specs = object(dataType.specs ?? {}, `${where}: dataType: "specs"`);
    for (const bound of ["min", "max", "length"]) {
      const limit = (dataType.specs as Record<string, unknown>)[bound];
      if (limit !== undefined && !Number.isFinite(Number(limit))) {
        fail(`${where}: specs: "${bound}"`, "a number");
      }
    }
  }
}

function identifierOf(entry: Record<string, unknown>, where: string): string {
  const { identifier } = entry;
  if (typeof identifier !== "string" || !IDENTIFIER.test(identifier)) {
    fail(`${where}: "identifier"`, "1 to 50 letters, digits or underscores");
  }
  entry.name ??= identifier;
  return identifier as string;
}

function oneOf(
  entry: Record<string, unknown>,
  field: string,
  allowed: string[],
  where: string,
): void {
  if (!allowed.includes(entry[field] as string)) {
    fail(`${where}: "${field}"`, `one of ${allowed.join(", ")}`);
  }
}

function object(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(where, "an object");
  return value as Record<string, unknown>;
}

function array(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) fail(where, "a list");
  return value as unknown[];
}

function fail(where: string, expected: string): never {
  throw new ConfigurationError(`thing model of ${where} has to be ${expected}`);
}
