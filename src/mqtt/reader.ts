/**
 * Bytes from the socket, however cut, to the packets that a server sends (MQTT 3.1.1, 2.2 and 3).
 * The caller pulls: no callback, no object a packet.
 * @module
 */
import { isUtf8 } from "../text/utf8.ts";
import {
  BAD_FLAGS,
  BAD_LENGTH,
  BAD_PUBLISH_TOPIC,
  BAD_TYPE,
  BAD_UTF8,
  NOT_OFFERED,
  TOO_LARGE,
  TRUNCATED,
  ZERO_PACKET_ID,
} from "./error.ts";

/** Most that a length of two bytes can be (2.2.3). */
const TWO_BYTES = 16383;

export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const SUBACK = 9;
export const UNSUBACK = 11;
export const PINGRESP = 13;

/**
 * `push` bytes, then call `next` until it gives 0. After `next` gave a type, the fields hold that
 * packet's content until the next call. After an error the reader is of no more use.
 */
export class PacketReader {
  /** PUBLISH: 0 or 1. */
  qos = 0;
  dup = false;
  /** At first any legal one. */
  topic = "/";
  payload = "";
  /** PUBLISH of QoS 1, PUBACK, SUBACK, UNSUBACK: 1 to 65535. */
  id = 0;
  /** CONNACK: flags and return code; SUBACK: one code a filter. As byte strings. */
  codes = "";
  /** What is not used yet, from `at` on; empty when all is. */
  unread = "";
  private at = 0;
  /** Bytes from `at` on without which there is nothing new to find. */
  private need = 2;

  /** Most bytes of a packet whose length is one of two bytes, or seems so. */
  private readonly short: number;

  /** @param limit most bytes of a packet after its fixed header */
  constructor(private readonly limit: number) {
    this.short = Math.min(limit, TWO_BYTES);
  }

  push(chunk: string): void {
    // `+=` appends in place on the interpreter.
    if (this.unread.length) this.unread += chunk;
    else this.unread = chunk;
  }

  /** Type of the next whole packet, 0 when more bytes are needed, minus an error code when malformed. */
  next(): number {
    // Short, for the interpreter reads what it does not run, too: PUBLISH and PUBACK are most packets.
    const bytes = this.unread;
    const head = bytes.charCodeAt(this.at);
    let start = this.at + 2;
    let end = bytes.charCodeAt(start - 1);
    if (end > 127) end += (bytes.charCodeAt(start++) << 7) - 128;
    const isShort = end <= this.short;
    end += start;
    // What is not there counts as NaN.
    if (!(isShort && end <= bytes.length && (head === 0x32 || head === 0x40))) return this.look();
    if (head === 0x40 && end - start !== 2) return this.look();
    this.move(end);
    if (head === 0x32) return this.publish(bytes, head, start, end);
    this.id = (bytes.charCodeAt(start) << 8) | bytes.charCodeAt(start + 1);
    return this.id ? PUBACK : -ZERO_PACKET_ID;
  }

  /** Any packet, whole or not. @rare */
  private look(): number {
    const bytes = this.unread;
    const at = this.at;
    const left = bytes.length - at;
    if (left < this.need) return this.wait(this.need);
    const head = bytes.charCodeAt(at);
    let start = at + 2;
    let size = bytes.charCodeAt(at + 1);
    if (size > 127) {
      size &= 127;
      for (let shift = 7; ; shift += 7) {
        if (shift > 21) return -BAD_LENGTH;
        if (start - at >= left) return this.wait(left + 1);
        const octet = bytes.charCodeAt(start++);
        size += (octet & 127) << shift;
        if (octet < 128) break;
      }
      if (size > this.limit) return -TOO_LARGE;
    }
    const fault = headerFault(head, size);
    if (fault) return -fault;
    const end = start + size;
    if (end - at > left) return this.wait(end - at);
    this.move(end);
    const type = head >> 4;
    if (type === PUBLISH) return this.publish(bytes, head, start, end);
    if (type === CONNACK) {
      this.codes = bytes.substr(start, 2);
    } else if (type !== PINGRESP) {
      this.id = (bytes.charCodeAt(start) << 8) | bytes.charCodeAt(start + 1);
      if (!this.id) return -ZERO_PACKET_ID;
      if (type === SUBACK) this.codes = bytes.substr(start + 2, end - start - 2);
    }
    return type;
  }

  /** Keeps what is not used yet, and only that. */
  private wait(need: number): number {
    this.need = need;
    if (this.at > 0) {
      this.unread = this.unread.substr(this.at);
      this.at = 0;
    }
    return 0;
  }

  /** Goes on behind a packet. */
  private move(end: number): void {
    this.need = 2;
    this.at = end;
    if (end !== this.unread.length) return;
    // A large message is copied out of its packet: not both stay in memory while it is handled.
    this.unread = "";
    this.at = 0;
  }

  private publish(bytes: string, head: number, start: number, end: number): number {
    const qos = (head >> 1) & 3;
    let at = start + 2;
    const topic = bytes.substr(at, (bytes.charCodeAt(start) << 8) | bytes.charCodeAt(start + 1));
    at += topic.length;
    if (qos) {
      this.id = (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
      at += 2;
    }
    // Most messages come on the topic of the one before.
    if (topic !== this.topic || at > end || !(this.id || !qos)) {
      const fault = this.checkPublish(topic, bytes, start, qos, end);
      if (fault) return -fault;
    }
    this.qos = qos;
    this.dup = head > 0x37;
    this.payload = bytes.substr(at, end - at);
    return PUBLISH;
  }

  /** The error in a PUBLISH; 0: none, and its topic is the last one from now on. @rare */
  private checkPublish(
    topic: string,
    bytes: string,
    start: number,
    qos: number,
    end: number,
  ): number {
    const length = (bytes.charCodeAt(start) << 8) | bytes.charCodeAt(start + 1);
    if (start + 2 + length + qos * 2 > end) return TRUNCATED;
    if (qos && !this.id) return ZERO_PACKET_ID;
    if (!length) return BAD_PUBLISH_TOPIC;
    if (topic.indexOf("+") >= 0 || topic.indexOf("#") >= 0) return BAD_PUBLISH_TOPIC;
    if (topic.indexOf("\x00") >= 0 || !isUtf8(topic)) return BAD_UTF8;
    this.topic = topic;
    return 0;
  }
}

/** The error in a packet's first byte and length, 0 if none: found before its body is waited for. */
function headerFault(head: number, size: number): number {
  const type = head >> 4;
  const flags = head & 15;
  let expected = 2;
  switch (type) {
    case PUBLISH:
      if ((flags & 6) === 6 || (flags & 14) === 8) return BAD_FLAGS;
      if (flags & 4) return NOT_OFFERED;
      return size < (flags & 2 ? 4 : 2) ? TRUNCATED : 0;
    case CONNACK:
    case PUBACK:
    case UNSUBACK:
      break;
    case SUBACK:
      if (size < 3) return TRUNCATED;
      expected = size;
      break;
    case PINGRESP:
      expected = 0;
      break;
    default:
      return BAD_TYPE;
  }
  if (flags) return BAD_FLAGS;
  return size < expected ? TRUNCATED : size > expected ? BAD_LENGTH : 0;
}
