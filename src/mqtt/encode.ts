/**
 * The packets that a client sends, as byte strings (MQTT 3.1.1, section 3). Arguments are byte
 * strings already; nothing is checked here.
 * @module
 */

export const PINGREQ = "\xc0\x00";
export const DISCONNECT = "\xe0\x00";

/** What a CONNECT carries. */
export interface ConnectFields {
  clientId: string;
  username: string;
  password: string;
  /** Seconds, 0 to 65535. */
  keepalive: number;
  cleanSession: boolean;
}

/** CONNECT (3.1) with user name and password, without a will. */
export function encodeConnect(fields: ConnectFields): string {
  return frame(
    "\x10",
    "\x00\x04MQTT\x04" +
      (fields.cleanSession ? "\xc2" : "\xc0") +
      word(fields.keepalive) +
      field(fields.clientId) +
      field(fields.username) +
      field(fields.password),
  );
}

/** PUBLISH (3.3); `id` only for QoS 1. */
export function encodePublish(topic: string, payload: string, qos: number, id: number): string {
  const length = topic.length;
  const size = length + payload.length + 4;
  // In one expression, for it is what a device does most.
  return qos && size > 127 && size < 16384
    ? String.fromCharCode(0x32, (size & 127) | 128, size >> 7, length >> 8, length & 255) +
        topic +
        String.fromCharCode(id >> 8, id & 255) +
        payload
    : anyPublish(topic, payload, qos, id);
}

function anyPublish(topic: string, payload: string, qos: number, id: number): string {
  return frame(qos ? "\x32" : "\x30", field(topic) + (qos ? word(id) : "") + payload);
}

/** A PUBLISH of QoS 1 again, marked as a duplicate. */
export function markDuplicate(publish: string): string {
  return "\x3a" + publish.substr(1);
}

/** PUBACK (3.4). */
export function encodePuback(id: number): string {
  return String.fromCharCode(0x40, 2, id >> 8, id & 255);
}

/** SUBSCRIBE (3.8) with one QoS for all filters. */
export function encodeSubscribe(id: number, filters: string[], qos: number): string {
  return frame(
    "\x82",
    word(id) + filters.map(field).join(qos ? "\x01" : "\x00") + (qos ? "\x01" : "\x00"),
  );
}

/** UNSUBSCRIBE (3.10). */
export function encodeUnsubscribe(id: number, filters: string[]): string {
  return frame("\xa2", word(id) + filters.map(field).join(""));
}

function word(value: number): string {
  return String.fromCharCode(value >> 8, value & 255);
}

function field(bytes: string): string {
  return word(bytes.length) + bytes;
}

function frame(head: string, body: string): string {
  return head + sizeBytes(body.length) + body;
}

/** The remaining length (2.2.3). */
function sizeBytes(size: number): string {
  let bytes = "";
  while (size > 127) {
    bytes += String.fromCharCode((size & 127) | 128);
    size >>= 7;
  }
  return bytes + String.fromCharCode(size);
}
