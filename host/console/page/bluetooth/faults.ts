/**
 * What is wrong with settings, in the reader's words.
 * @module
 */
import type { SettingsFault } from "../../protocol.ts";
import { inWords } from "../problems.ts";
import { text } from "../text.ts";
import type { FieldName } from "./fields.ts";

/** Faults by field, in words; problems that the page does not know have the check's own. */
export function faultWords(faults: SettingsFault[]): Map<string, string> {
  return new Map(faults.map((fault) => [fault.field, wordsOf(fault)]));
}

/** A line for each fault, with the name that its field has in the form. */
export function faultLines(faults: SettingsFault[]): string {
  return faults.map((fault) => `${labelOf(fault.field)} ${wordsOf(fault)}`.trim()).join("\n");
}

function wordsOf({ text: own, problem }: SettingsFault): string {
  return inWords(text.bluetooth.problems, problem) || own;
}

function labelOf(field: string): string {
  const words = text.bluetooth;
  const [, index, member] = /^wifi\[(\d+)\](?:\.(\w+))?$/.exec(field) ?? [];
  if (index !== undefined) {
    const inner = member === "ssid" ? words.ssid : member === "password" ? words.password : "";
    return `${words.network(Number(index) + 1)}, ${inner}:`;
  }
  const label = words.fields[field as FieldName];
  return label === undefined ? field : `${label}:`;
}
