/**
 * Checks values against their types in the thing model, with Alibaba's codes.
 * @module
 */
import { TEXT_MAX } from "../defaults.ts";
import { Code, type Complaint } from "./codes.ts";
import type { DataType, NumberSpecs, Parameter } from "./tsl.ts";

/** What is wrong with a value, or undefined when it fits. An integer is taken for float and double. */
export function checkValue(value: unknown, dataType: DataType): Complaint | undefined {
  switch (dataType.type) {
    case "int":
      if (!Number.isInteger(value)) return { code: Code.int, text: "data type is not int" };
      return checkRange(value as number, dataType.specs, Code.int);
    case "float":
    case "double": {
      const code = dataType.type === "float" ? Code.float : Code.double;
      if (typeof value !== "number") return { code, text: `data type is not ${dataType.type}` };
      return checkRange(value, dataType.specs, code);
    }
    case "bool":
      if (value === 0 || value === 1) return undefined;
      return { code: Code.bool, text: "value of bool type must be int 0 or 1" };
    case "enum":
      if (Number.isInteger(value) && Object.hasOwn(dataType.specs, String(value))) return undefined;
      return {
        code: Code.enum,
        text: `enum value has to be one of ${Object.keys(dataType.specs).join(", ")}`,
      };
    case "text":
      return checkText(value, Number(dataType.specs.length ?? TEXT_MAX));
    case "date":
      if (typeof value === "string" && /^\d{1,15}$/.test(value)) return undefined;
      return { code: Code.date, text: "date has to be a string of UTC milliseconds" };
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
      : { code: Code.notFound, text: "params not exist" };
    if (complaint) complaints.set(identifier, complaint);
  }
  return complaints;
}

function checkRange(value: number, { min, max }: NumberSpecs, code: number): Complaint | undefined {
  if (min !== undefined && value < Number(min)) return { code, text: `value is less than ${min}` };
  if (max !== undefined && value > Number(max)) return { code, text: `value is above ${max}` };
  return undefined;
}

function checkText(value: unknown, length: number): Complaint | undefined {
  if (typeof value !== "string") return { code: Code.text, text: "data type is not string" };
  if ([...value].length <= length) return undefined;
  return { code: Code.text, text: `text is longer than ${length} characters` };
}

function checkStruct(value: unknown, members: Parameter[]): Complaint | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { code: Code.struct, text: "struct has to be a JSON object" };
  }
  for (const [member, complaint] of checkParameters(value as Record<string, unknown>, members)) {
    return { code: complaint.code, text: `${member}: ${complaint.text}` };
  }
  return undefined;
}

function checkArray(value: unknown, size: number, item: DataType): Complaint | undefined {
  if (!Array.isArray(value)) return { code: Code.arrayElement, text: "data type is not array" };
  if (value.length > size) {
    return { code: Code.arraySize, text: `array has more than ${size} elements` };
  }
  for (const [index, element] of value.entries()) {
    const complaint = checkValue(element, item);
    if (complaint) {
      return { code: Code.arrayElement, text: `element ${index}: ${complaint.text}` };
    }
  }
  return undefined;
}
