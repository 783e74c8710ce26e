/**
 * Checks values against their types in the thing model, with Alibaba's codes.
 * @module
 */
import { TEXT_MAX } from "../defaults.ts";
import type { ValueProblems } from "../problems.ts";
import { Code, type Complaint } from "./codes.ts";
import type { DataType, NumberSpecs, Parameter } from "./tsl.ts";

/** What is wrong with a value, or undefined when it fits. An integer is taken for float and double. */
export function checkValue(value: unknown, dataType: DataType): Complaint | undefined {
  switch (dataType.type) {
    case "int":
      if (!Number.isInteger(value)) return wrongType(Code.int, "int", "data type is not int");
      return checkRange(value as number, dataType.specs, Code.int);
    case "float":
    case "double": {
      const code = dataType.type === "float" ? Code.float : Code.double;
      if (typeof value !== "number") {
        return wrongType(code, dataType.type, `data type is not ${dataType.type}`);
      }
      return checkRange(value, dataType.specs, code);
    }
    case "bool":
      if (value === 0 || value === 1) return undefined;
      return wrongType(Code.bool, "bool", "value of bool type must be int 0 or 1");
    case "enum": {
      if (Number.isInteger(value) && Object.hasOwn(dataType.specs, String(value))) return undefined;
      const allowed = Object.keys(dataType.specs).join(", ");
      const text = `enum value has to be one of ${allowed}`;
      return { code: Code.enum, text, problem: { kind: "enum", allowed } };
    }
    case "text":
      return checkText(value, Number(dataType.specs.length ?? TEXT_MAX));
    case "date":
      if (typeof value === "string" && /^\d{1,15}$/.test(value)) return undefined;
      return wrongType(Code.date, "date", "date has to be a string of UTC milliseconds");
    case "struct":
      return checkStruct(value, dataType.specs);
    case "array":
      return checkArray(value, Number(dataType.specs.size), dataType.specs.item);
  }
}

/**
 * Checks the parameters of an event or service.
 * @returns complaints by identifier; a missing parameter is no complaint.
 */
export function checkParameters(
  values: Record<string, unknown>,
  parameters: Parameter[],
): Map<string, Complaint> {
  const complaints = new Map<string, Complaint>();
  for (const [identifier, value] of Object.entries(values)) {
    const parameter = parameters.find((candidate) => candidate.identifier === identifier);
    const complaint = parameter
      ? checkValue(value, parameter.dataType)
      : { code: Code.notFound, text: "params not exist", problem: { kind: "unknown" } as const };
    if (complaint) complaints.set(identifier, complaint);
  }
  return complaints;
}

function checkRange(value: number, { min, max }: NumberSpecs, code: number): Complaint | undefined {
  if (min !== undefined && value < Number(min)) {
    return { code, text: `value is less than ${min}`, problem: { kind: "less", min } };
  }
  if (max !== undefined && value > Number(max)) {
    return { code, text: `value is above ${max}`, problem: { kind: "above", max } };
  }
  return undefined;
}

function checkText(value: unknown, length: number): Complaint | undefined {
  if (typeof value !== "string") return wrongType(Code.text, "string", "data type is not string");
  if ([...value].length <= length) return undefined;
  const text = `text is longer than ${length} characters`;
  return { code: Code.text, text, problem: { kind: "length", most: length } };
}

function checkStruct(value: unknown, members: Parameter[]): Complaint | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return wrongType(Code.struct, "struct", "struct has to be a JSON object");
  }
  for (const [member, complaint] of checkParameters(value as Record<string, unknown>, members)) {
    return within(member, complaint.code, `${member}: ${complaint.text}`, complaint);
  }
  return undefined;
}

function checkArray(value: unknown, size: number, item: DataType): Complaint | undefined {
  if (!Array.isArray(value)) {
    return wrongType(Code.arrayElement, "array", "data type is not array");
  }
  if (value.length > size) {
    const text = `array has more than ${size} elements`;
    return { code: Code.arraySize, text, problem: { kind: "size", most: size } };
  }
  for (const [index, element] of value.entries()) {
    const complaint = checkValue(element, item);
    if (complaint) {
      const text = `element ${index}: ${complaint.text}`;
      return within(String(index), Code.arrayElement, text, complaint);
    }
  }
  return undefined;
}

function wrongType(code: number, expected: ValueProblems["type"]["expected"], text: string) {
  return { code, text, problem: { kind: "type", expected } } satisfies Complaint;
}

/** A complaint about what contains the value. */
function within(at: string, code: number, text: string, { problem }: Complaint): Complaint {
  return problem ? { code, text, problem: { kind: "within", at, problem } } : { code, text };
}
