/**
 * The thing model (TSL) of a product: its JSON form as Alibaba's console exports it, and look-up by
 * identifier (help.aliyun.com/document_detail/73727.html).
 * @module
 */
import { ConfigurationError } from "../errors.ts";
import { describeFault, findFaults } from "./tsl-faults.ts";

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
  step?: string;
  unit?: string;
  unitName?: string;
}

export interface Parameter {
  identifier: string;
  name: string;
  desc?: string;
  dataType: DataType;
}

export interface Property extends Parameter {
  accessMode: "r" | "rw" | "w";
  required?: boolean;
}

export interface Event {
  identifier: string;
  name: string;
  desc?: string;
  type: "info" | "alert" | "error";
  outputData: Parameter[];
}

export interface Service {
  identifier: string;
  name: string;
  desc?: string;
  callType: "async" | "sync";
  /** Of the built-in service `get` these are identifiers, not parameters. */
  inputData: Parameter[];
  outputData: Parameter[];
}

/** A thing model ready for look-up; `json` is the file as it came. */
export class ThingModel {
  readonly json: Record<string, unknown>;
  /** By identifier; those of custom modules by `module:identifier`. */
  readonly properties = new Map<string, Property>();
  readonly events = new Map<string, Event>();
  readonly services = new Map<string, Service>();

  /**
   * @param where names the source in messages, e.g. `"product a1B2c3D4e5F"`.
   * @throws ConfigurationError that names the first place which is not as a TSL has to be.
   */
  constructor(json: unknown, where: string) {
    const [fault] = findFaults(json);
    if (fault) throw new ConfigurationError(`thing model of ${where}: ${describeFault(fault)}`);
    this.json = json as Record<string, unknown>;
    this.#add(this.json);
  }

  /** Adds the features of a module, and of the modules within. */
  #add(part: Record<string, unknown>): void {
    const block = part.functionBlockId as string | undefined;
    const prefix = block === undefined || block === DEFAULT_BLOCK ? "" : `${block}:`;
    for (const property of list<Property>(part.properties)) {
      put(this.properties, prefix, withType(property));
    }
    for (const event of list<Event>(part.events)) {
      put(this.events, prefix, { ...event, outputData: parameters(event.outputData) });
    }
    for (const service of list<Service>(part.services)) {
      const inputData =
        service.identifier === "get" ? service.inputData : parameters(service.inputData);
      put(this.services, prefix, {
        ...service,
        inputData,
        outputData: parameters(service.outputData),
      });
    }
    for (const inner of list<Record<string, unknown>>(part.functionBlocks)) this.#add(inner);
  }
}

/** Module whose identifiers stand alone in messages. */
const DEFAULT_BLOCK = "default";

function put<T extends { identifier: string; name: string }>(
  into: Map<string, T>,
  prefix: string,
  feature: T,
): void {
  const name = feature.name ?? feature.identifier;
  const identifier = feature.identifier.includes(":")
    ? feature.identifier
    : prefix + feature.identifier;
  into.set(identifier, { ...feature, identifier, name });
}

function parameters(given: Parameter[] | undefined): Parameter[] {
  return list<Parameter>(given).map((parameter) => {
    return { ...withType(parameter), name: parameter.name ?? parameter.identifier };
  });
}

/** With what a TSL may leave out. */
function withType<T extends { dataType: DataType }>(owner: T): T {
  return { ...owner, dataType: complete(owner.dataType) };
}

function complete(dataType: DataType): DataType {
  if (dataType.type === "struct") return { type: "struct", specs: parameters(dataType.specs) };
  if (dataType.type === "array") {
    return { type: "array", specs: { ...dataType.specs, item: complete(dataType.specs.item) } };
  }
  return { ...dataType, specs: dataType.specs ?? {} } as DataType;
}

function list<T>(value: unknown): T[] {
  return (value ?? []) as T[];
}
