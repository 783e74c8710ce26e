/**
 * What has been typed into a form for a type of the thing model, and the value that it stands for.
 * @module
 */
import { checkValue } from "../../../cloud/thing/check.ts";
import type { Complaint } from "../../../cloud/thing/codes.ts";
import type { DataType, Parameter } from "../../../cloud/thing/tsl.ts";

/** Text of one field; members of a struct; elements of an array. */
export type Draft = string | { [member: string]: Draft } | Draft[];

/** What is wrong with one field: a reason of the form's own, or what the platform would say. */
export type Problem = "required" | "number" | "whole" | "date" | Complaint;

/** By path of the field, e.g. `"GeoLocation.Longitude"` or `"list.0"`. */
export type Problems = Map<string, Problem>;

export function emptyDraft(dataType: DataType): Draft {
  if (dataType.type === "array") return [];
  if (dataType.type !== "struct") return "";
  return emptyDrafts(dataType.specs);
}

export function emptyDrafts(parameters: Parameter[]): { [member: string]: Draft } {
  const drafts = parameters.map(({ identifier, dataType }) => [identifier, emptyDraft(dataType)]);
  return Object.fromEntries(drafts);
}

/** The draft of a value that is there already. */
export function draftOf(value: unknown, dataType: DataType): Draft {
  if (value === undefined || value === null) return emptyDraft(dataType);
  if (dataType.type === "array") {
    const { item } = dataType.specs;
    return Array.isArray(value) ? value.map((element) => draftOf(element, item)) : [];
  }
  if (dataType.type === "struct") {
    const members = value as Record<string, unknown>;
    const drafts = dataType.specs.map(({ identifier, dataType }) => [
      identifier,
      draftOf(members[identifier], dataType),
    ]);
    return Object.fromEntries(drafts);
  }
  return dataType.type === "date" ? localTime(Number(value)) : String(value);
}

/**
 * The value that a draft stands for; undefined when nothing was typed. What is wrong is added to
 * `problems`, as the platform would refuse it where the platform does.
 */
export function parseDraft(
  draft: Draft | undefined,
  dataType: DataType,
  path: string,
  problems: Problems,
): unknown {
  if (dataType.type === "struct") {
    return structOf((draft ?? {}) as { [member: string]: Draft }, dataType.specs, path, problems);
  }
  if (dataType.type === "array") {
    const elements = (draft ?? []) as Draft[];
    if (elements.length === 0) return undefined;
    const values = elements.map((element, index) => {
      const value = parseDraft(element, dataType.specs.item, `${path}.${index}`, problems);
      if (value === undefined) addProblem(problems, `${path}.${index}`, "required");
      return value;
    });
    if (!hasWithin(problems, path)) check(values, dataType, path, problems);
    return values;
  }
  const value = scalarOf((draft ?? "") as string, dataType, path, problems);
  if (value !== undefined) check(value, dataType, path, problems);
  return value;
}

/** The values of a service's input; what is empty is left out. */
export function parseDrafts(
  drafts: { [member: string]: Draft },
  parameters: Parameter[],
  problems: Problems,
): Record<string, unknown> {
  return structOf(drafts, parameters, "", problems) ?? {};
}

function structOf(
  drafts: { [member: string]: Draft },
  members: Parameter[],
  path: string,
  problems: Problems,
): Record<string, unknown> | undefined {
  const entries = members.flatMap(({ identifier, dataType }) => {
    const at = path === "" ? identifier : `${path}.${identifier}`;
    const value = parseDraft(drafts[identifier], dataType, at, problems);
    return value === undefined ? [] : [[identifier, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function scalarOf(typed: string, dataType: DataType, path: string, problems: Problems): unknown {
  if (dataType.type === "text") return typed === "" ? undefined : typed;
  const trimmed = typed.trim();
  if (trimmed === "") return undefined;
  if (dataType.type === "date") {
    const time = Date.parse(trimmed);
    if (Number.isNaN(time)) return addProblem(problems, path, "date");
    return String(time);
  }
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return addProblem(problems, path, "number");
  const hasFraction = dataType.type === "float" || dataType.type === "double";
  if (!hasFraction && !Number.isInteger(value)) return addProblem(problems, path, "whole");
  return value;
}

function check(value: unknown, dataType: DataType, path: string, problems: Problems): void {
  const complaint = checkValue(value, dataType);
  if (complaint) addProblem(problems, path, complaint);
}

function addProblem(problems: Problems, path: string, problem: Problem): undefined {
  if (!problems.has(path)) problems.set(path, problem);
  return undefined;
}

function hasWithin(problems: Problems, path: string): boolean {
  return [...problems.keys()].some((key) => key === path || key.startsWith(`${path}.`));
}

/** As a field for date and time has it: local, to the second. */
function localTime(time: number): string {
  if (!Number.isFinite(time)) return "";
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
