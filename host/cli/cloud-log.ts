/**
 * Lines of the platform's log for people.
 * @module
 */
import { styleText } from "node:util";
import type {
  TraceMessage,
  TraceRefusal,
  TraceRegistration,
  TraceStatus,
  TraceTask,
} from "../cloud/index.ts";

const PAYLOAD_SHOWN = 300;

/** `12:00:00.000 ▲ demo_0001 TOPIC {…} → 200 note`. */
export function messageLine(message: TraceMessage): string {
  const { at, device, direction, topic, payload, code, note } = message;
  const arrow = direction === "up" ? "▲" : "▼";
  const verdict = [code, note].filter((part) => part !== undefined).join(" ");
  const tail = verdict === "" ? "" : ` → ${verdict}`;
  return `${clock(at)} ${arrow} ${device.deviceName} ${topic} ${shorten(payload)}${tail}`;
}

export function statusLine({ at, device, online, reason }: TraceStatus): string {
  const state = online ? "online" : `offline: ${reason ?? "connection lost"}`;
  return `${clock(at)} ● ${device.deviceName} ${state}`;
}

export function refusalLine({ at, username, code, reason }: TraceRefusal): string {
  return `${clock(at)} ✕ log-on of ${printable(username)} refused with ${code}: ${printable(reason)}`;
}

/** `12:00:00.000 ✎ demo_0001 registers (register over mqtt): 200 success`. */
export function registrationLine(asked: TraceRegistration): string {
  const { at, device, kind, form, code, message } = asked;
  const who = printable(device.deviceName);
  return `${clock(at)} ✎ ${who} registers (${kind} over ${form}): ${code} ${printable(message)}`;
}

/** `12:00:00.000 ⇅ demo_0001 update of app to 1.1.0: IN_PROGRESS 35 downloading`. */
export function taskLine({ at, device, task }: TraceTask): string {
  const { module, destVersion, status, progress, desc } = task;
  const state = `${status} ${progress} ${printable(desc)}`.trimEnd();
  return `${clock(at)} ⇅ ${device.deviceName} update of ${module} to ${destVersion}: ${state}`;
}

/** `12:00:00.000 ◇ modem registered, home network`. */
export function modemLine(at: number, text: string): string {
  return `${clock(at)} ◇ modem ${printable(text)}`;
}

/** `board | 12.3 info ali: logged on`; what was not caught is red. */
export function boardLine(line: string): string {
  return styleText(line.startsWith("Uncaught ") ? "red" : "gray", `             board | ${line}`);
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

function shorten(payload: Buffer): string {
  // Who has a download's signature has the file.
  const text = printable(payload.toString("utf8")).replace(/\?Expires=[^"]*/g, "?…");
  return text.length > PAYLOAD_SHOWN ? `${text.slice(0, PAYLOAD_SHOWN)}…` : text;
}

/** Control characters of a device must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "�");
}
