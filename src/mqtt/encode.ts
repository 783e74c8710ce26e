/**
 * The packets that a client sends, as byte strings (MQTT 3.1.1, section 3). Arguments are byte
 * strings already; nothing is checked here.
 * @module
 */
import type { Credentials } from "./options.ts";

export const PINGREQ = "\xc0\x00";
export const DISCONNECT = "\xe0\x00";

/** CONNECT (3.1) with user name and password, without a will; `keepalive` in s, 0 to 65535. */
export function encodeConnect(
  given: Credentials,
  keepalive: number,
  cleanSession: boolean,
): string {
  return frame(
    "\x10",
    "\x00\x04MQTT\x04" +
      (cleanSession ? "\xc2" : "\xc0") +
      word(keepalive) +
      field(given.clientId) +
      field(given.username) +
      field(given.password),
  );
}

/** Begins a PUBACK (3.4); a packet id ends it. */
export const PUBACK_HEAD = "\x40\x02";
export const PUBACK_SIZE = 4;

/** PUBLISH (3.3) on `topic`, a `field`; `id` is empty for QoS 0, else two bytes. */
export function encodePublish(topic: string, payload: string, id: string): string {
  const size = topic.length + payload.length + id.length;
  return (
    (size < 128
      ? String.fromCharCode(id ? 0x32 : 0x30, size)
      : (id ? "\x32" : "\x30") + sizeBytes(size)) +
    topic +
    id +
    payload
  );
}

/** A PUBLISH of QoS 1 again, marked as a duplicate. */
export function markDuplicate(publish: string): string {
  return "\x3a" + publish.substr(1);
}

/** SUBSCRIBE (3.8) with one QoS for all filters. */
export function encodeSubscribe(id: string, filters: string[], qos: number): string {
  return frame(
    "\x82",
    id + filters.map(field).join(qos ? "\x01" : "\x00") + (qos ? "\x01" : "\x00"),
  );
}

/** UNSUBSCRIBE (3.10). */
export function encodeUnsubscribe(id: string, filters: string[]): string {
  return frame("\xa2", id + filters.map(field).join(""));
}

/** Two bytes (1.5.2), a packet id among them. */
export function word(value: number): string {
  return String.fromCharCode(value >> 8, value & 255);
}

/** A text with its length (1.5.3). */
export function field(bytes: string): string {
  return word(bytes.length) + bytes;
}

function frame(head: string, body: string): string {
  return head + sizeBytes(body.length) + body;
}

/** The remaining length (2.2.3). */
export function sizeBytes(size: number): string {
  let bytes = "";
  while (size > 127) {
    bytes += String.fromCharCode((size & 127) | 128);
    size >>= 7;
  }
  return bytes + String.fromCharCode(size);
}
