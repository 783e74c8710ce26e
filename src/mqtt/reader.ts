/**
 * Bytes from the socket, however cut, to the packets that a server sends (MQTT 3.1.1, 2.2 and 3).
 * The caller pulls: no callback, no object a packet.
 * @module
 */
import { field, sizeBytes } from "./encode.ts";
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
import { isTopicName } from "./topic.ts";

/** Most that a length of two bytes can be (2.2.3). */
const TWO_BYTES = 16383;
/** No packet's (2.3.1). */
export const NO_ID = "\0\0";

export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const SUBACK = 9;
export const UNSUBACK = 11;
export const PINGRESP = 13;

/**
 * Set `unread`, then call `next` until it gives 0; what is `held` then has to be joined with what comes.
 * After `next` gave a type, the fields hold that packet's content until the next call. After an error the
 * reader is of no more use.
 */
export class PacketReader {
  /** PUBLISH: 0 or 1. */
  qos = 0;
  dup = false;
  /** At first any legal one. */
  topic = "/";
  payload = "";
  /** PUBLISH of QoS 1, PUBACK, SUBACK, UNSUBACK: the packet id, two bytes. */
  id = "";
  /** CONNACK: flags and return code; SUBACK: one code a filter. As byte strings. */
  codes = "";
  /** What is not used yet, from `at` on; empty when all is, or when more is needed. */
  unread = "";
  private at = 0;
  /** Pieces of a packet of which more is needed: an append would walk over all that is there. */
  pieces: string[] = [];
  /** Bytes of the pieces. */
  held = 0;
  /** Bytes without which there is nothing new to find in them. */
  need = 0;
  /** How a PUBLISH of `size` bytes begins that is as the last one, up to the packet id or the payload. */
  head = "";
  size = 0;
  /** `head` without the last level of the topic, once it was of use. */
  private stem = "";
  /** Most bytes of a packet whose length is one of two bytes. */
  private readonly short: number;

  /** @param limit most bytes of a packet after its fixed header */
  constructor(private readonly limit: number) {
    this.short = Math.min(limit, TWO_BYTES);
  }

  /** A chunk with what is held before it; empty, and held as well, while more is needed. @rare */
  gather(chunk: string): string {
    if (!this.held) return chunk;
    if (this.held + chunk.length >= this.need) return this.join(chunk);
    this.pieces.push(chunk);
    this.held += chunk.length;
    return "";
  }

  /** All that is held and this chunk; nothing is held any more. */
  join(chunk: string): string {
    this.pieces.push(chunk);
    // Without gaps, if memory has such a place, which is the fastest to read.
    const bytes = E.toString(this.pieces) as string;
    this.pieces = [];
    this.held = 0;
    return bytes;
  }

  /**
   * Prepares `head` for a packet of another size; false: none on the last topic has that. The first piece
   * of a packet as the last one is held. @rare
   */
  expect(chunk: string): boolean {
    const size = chunk.length;
    if (size < this.size && chunk.startsWith(this.head)) {
      this.pieces = [chunk];
      this.held = size;
      this.need = this.size;
      return false;
    }
    const name = field(this.topic);
    const qos = this.qos;
    // The fixed header has two bytes, or three from a length of 128 on.
    const length = size > 130 ? size - 3 : size - 2;
    if (size === 130 || length < name.length + qos * 2 || length > this.short) return false;
    this.size = size;
    this.head = (qos ? "\x32" : "\x30") + sizeBytes(length) + name;
    this.stem = "";
    return true;
  }

  /**
   * Whether a packet of that size begins as `head`, but for other letters and digits in the last level of
   * the topic, as the calls of a platform do; `head` and `topic` are then those of the packet. @rare
   */
  follow(chunk: string): boolean {
    const topic = this.topic;
    const head = this.head;
    let stem = this.stem;
    if (!stem) {
      stem = head.substr(0, head.length - topic.length + topic.lastIndexOf("/") + 1);
      this.stem = stem;
    }
    if (!chunk.startsWith(stem)) return false;
    const size = head.length - stem.length;
    const level = chunk.substr(stem.length, size);
    if (/[^0-9A-Za-z]/.test(level)) return false;
    this.topic = topic.substr(0, topic.length - size) + level;
    this.head = stem + level;
    return true;
  }

  /** Type of the next whole packet, 0 when more bytes are needed, minus an error code when malformed. */
  next(): number {
    const bytes = this.unread;
    const at = this.at;
    const left = bytes.length - at;
    if (left < 2) return this.wait(2);
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
    // The most frequent by far is a PUBACK.
    const fault = head === 0x40 && size === 2 ? 0 : headerFault(head, size);
    if (fault) return -fault;
    const end = start + size;
    if (end - at > left) return this.wait(end - at);
    this.at = end;
    if (end - at === left) {
      // A large message is copied out of its packet: not both stay in memory while it is handled.
      this.unread = "";
      this.at = 0;
    }
    const type = head >> 4;
    if (type === PUBLISH) return this.publish(bytes, head, start, end);
    if (type === CONNACK) {
      this.codes = bytes.substr(start, 2);
    } else if (type !== PINGRESP) {
      this.id = bytes.substr(start, 2);
      if (this.id === NO_ID) return -ZERO_PACKET_ID;
      if (type === SUBACK) this.codes = bytes.substr(start + 2, end - start - 2);
    }
    return type;
  }

  /** Keeps what is not used yet, and only that. */
  private wait(need: number): number {
    const rest = this.at ? this.unread.substr(this.at) : this.unread;
    this.pieces = [rest];
    this.held = rest.length;
    this.need = need;
    this.unread = "";
    this.at = 0;
    return 0;
  }

  private publish(bytes: string, head: number, start: number, end: number): number {
    const qos = (head >> 1) & 3;
    const length = (bytes.charCodeAt(start) << 8) | bytes.charCodeAt(start + 1);
    const topic = bytes.substr(start + 2, length);
    let at = start + 2 + length;
    if (at + qos * 2 > end) return -TRUNCATED;
    if (qos) {
      this.id = bytes.substr(at, 2);
      at += 2;
      if (this.id === NO_ID) return -ZERO_PACKET_ID;
    }
    if (!length) return -BAD_PUBLISH_TOPIC;
    // Most messages come on the topic of the one before.
    if (topic !== this.topic) {
      if (!isTopicName(topic)) return /[+#]/.test(topic) ? -BAD_PUBLISH_TOPIC : -BAD_UTF8;
      this.topic = topic;
      this.size = 0;
    }
    if (qos !== this.qos) this.size = 0;
    this.qos = qos;
    this.dup = head > 0x37;
    this.payload = bytes.substr(at, end - at);
    return PUBLISH;
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
