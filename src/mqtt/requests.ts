/**
 * SUBSCRIBE and UNSUBSCRIBE packets on their way, until their SUBACK or UNSUBACK.
 * @module
 */
import { encodeSubscribe, encodeUnsubscribe } from "./encode.ts";
import { BAD_GRANT, type MqttError, mqttError } from "./error.ts";
import { callSafely } from "./fault.ts";
import { type PacketReader, SUBACK } from "./reader.ts";

/** `codes`: one return code a filter, as a byte string; empty on an error and for UNSUBSCRIBE. */
export type RequestDone = (error: MqttError | null, codes: string) => void;

export interface Request {
  /** Packet id, two bytes. */
  id: string;
  data: string;
  /** Number of filters that a SUBACK has to answer; 0 for UNSUBSCRIBE. */
  expected: number;
  done: RequestDone;
  /** When it was sent, s; -1: not yet. */
  at: number;
}

/** In place of a QoS: ends subscriptions. */
export const UNSUBSCRIBE = -1;

/** Requests that may be under way at a time. */
const MAX_REQUESTS = 16;

export class Requests {
  list: Request[] = [];

  get areFull(): boolean {
    return this.list.length >= MAX_REQUESTS;
  }

  put(id: string, filters: string[], qos: number, done: RequestDone): void {
    this.list.push({
      id: id,
      data: qos < 0 ? encodeUnsubscribe(id, filters) : encodeSubscribe(id, filters, qos),
      expected: qos < 0 ? 0 : filters.length,
      done: done,
      at: -1,
    });
  }

  /** `bytes` and the requests that are not sent yet, while they fit; the first always does. */
  addTo(bytes: string, limit: number, now: number): string {
    for (const request of this.list) {
      if (request.at >= 0) continue;
      if (bytes && bytes.length + request.data.length > limit) break;
      bytes += request.data;
      request.data = "";
      request.at = now;
    }
    return bytes;
  }

  /** Settles the request that a packet answers: 0, `BAD_GRANT`, or -1 when there is none. */
  conclude(type: number, packet: PacketReader, onFault: (error: any) => void): number {
    const request = this.answered(type, packet.id);
    if (!request) return -1;
    const fits = !request.expected || isGrant(packet.codes, request.expected);
    callSafely(
      request.done,
      fits ? null : mqttError(BAD_GRANT),
      fits && request.expected ? packet.codes : "",
      onFault,
    );
    return fits ? 0 : BAD_GRANT;
  }

  /** Takes out the sent request that this acknowledgement answers. */
  private answered(type: number, id: string): Request | undefined {
    for (let i = 0; i < this.list.length; i++) {
      const request = this.list[i];
      if (request.id === id && request.at >= 0 && request.expected > 0 === (type === SUBACK)) {
        return this.list.splice(i, 1)[0];
      }
    }
    return undefined;
  }

  /** Takes out a request that was sent at this time or before. */
  overdue(before: number): Request | undefined {
    for (const request of this.list) {
      if (request.at >= 0 && request.at <= before) {
        this.answered(request.expected ? SUBACK : 0, request.id);
        return request;
      }
    }
    return undefined;
  }

  takeAll(): Request[] {
    const all = this.list;
    this.list = [];
    return all;
  }
}

/** Whether return codes answer this many filters of QoS 0 or 1: each 0, 1 or 0x80 (refused). */
function isGrant(codes: string, filters: number): boolean {
  if (codes.length !== filters) return false;
  for (let i = 0; i < filters; i++) {
    const code = codes.charCodeAt(i);
    if (code > 1 && code !== 0x80) return false;
  }
  return true;
}
