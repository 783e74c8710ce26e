/**
 * What the platform checks of its own commands before it sends them, and of a service's answer.
 * @module
 */
import { CloudError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import type { AlinkReply } from "./alink.ts";
import { checkParameters, checkValue } from "./check.ts";
import { Code, type Complaint } from "./codes.ts";
import { describe } from "./recorder.ts";
import type { Service, ThingModel } from "./tsl.ts";

/** @throws CloudError when no item is given, or one is unknown, read-only or does not fit. */
export function checkPropertySet(model: ThingModel, items: Record<string, unknown>): void {
  if (Object.keys(items).length === 0)
    throw failedSet("no property is given", { kind: "noProperty" });
  for (const [name, value] of Object.entries(items)) {
    const property = model.properties.get(name);
    if (!property) throw failedSet(`${name} is not in the thing model`, notInModel(name));
    if (property.accessMode === "r") {
      throw failedSet(`${name} is read-only`, { kind: "readOnly", name });
    }
    const complaint = checkValue(value, property.dataType);
    if (complaint) {
      const { code, text } = complaint;
      throw failedSet(`${name}: ${code} ${text}`, valueProblem(name, complaint));
    }
  }
}

/** @throws CloudError when no identifier is given or one is unknown. */
export function checkPropertyGet(model: ThingModel, identifiers: string[]): void {
  if (identifiers.length === 0) throw failedGet("no property is given");
  const unknown = identifiers.find((name) => !model.properties.has(name));
  if (unknown !== undefined) throw failedGet(`${unknown} is not in the thing model`);
}

/**
 * The definition of a service that can be invoked.
 * @throws CloudError when the thing model has none of that name
 */
export function serviceOf(model: ThingModel, identifier: string): Service {
  const service = model.services.get(identifier);
  if (!service || identifier === "set" || identifier === "get") {
    const text = `${identifier} is not a service of the thing model`;
    throw failedService(text, { kind: "noService", name: identifier });
  }
  return service;
}

/** @throws CloudError when a parameter is unknown or does not fit. */
export function checkServiceInput(service: Service, input: Record<string, unknown>): void {
  const complaints = checkParameters(input, service.inputData);
  for (const [name, complaint] of complaints) {
    throw failedService(describe(complaints), valueProblem(name, complaint));
  }
}

/** What is wrong with the output of a service that succeeded; undefined: nothing. */
export function remarkOnReply(service: Service, reply: AlinkReply): string | undefined {
  if (reply.code !== Code.success) return undefined;
  const missing = service.outputData
    .map((output) => output.identifier)
    .filter((name) => !(name in reply.data));
  const wrong = describe(checkParameters(reply.data, service.outputData));
  const lacking = missing.length > 0 ? `output ${missing.join(", ")} is missing` : "";
  return [wrong, lacking].filter(Boolean).join(", ") || undefined;
}

function notInModel(name: string): Problem {
  return { kind: "notInModel", name };
}

function valueProblem(path: string, { problem }: Complaint): Problem | undefined {
  return problem && { kind: "value", path, problem };
}

export function failedSet(reason: string, problem?: Problem): CloudError {
  return new CloudError("iot.device.SetDevicePropertyFailed", reason, problem);
}

function failedGet(reason: string): CloudError {
  return new CloudError("iot.common.InvalidFormattedParameter", reason);
}

export function failedService(reason: string, problem?: Problem): CloudError {
  return new CloudError("iot.device.InvokeThingServiceFailed", reason, problem);
}
