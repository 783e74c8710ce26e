/**
 * Lines of the platform's log for people.
 * @module
 */
import type { TraceMessage, TraceRefusal, TraceStatus } from "../cloud/index.ts";

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

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

function shorten(payload: Buffer): string {
  const text = printable(payload.toString("utf8"));
  return text.length > PAYLOAD_SHOWN ? `${text.slice(0, PAYLOAD_SHOWN)}…` : text;
}

/** Control characters of a device must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "�");
}
