/**
 * SUBSCRIBE and UNSUBSCRIBE packets on their way, until their SUBACK or UNSUBACK.
 * @module
 */
import type { MqttError } from "./error.ts";
import { SUBACK } from "./reader.ts";

/** `codes`: one return code a filter, as a byte string; empty on an error and for UNSUBSCRIBE. */
export type RequestDone = (error: MqttError | null, codes: string) => void;

export interface Request {
  /** Packet id, two bytes. */
  id: string;
  data: string;
  /** Number of filters that a SUBACK has to answer; 0 for UNSUBSCRIBE. */
  granted: number;
  done: RequestDone;
  /** When it was sent, s; -1: not yet. */
  at: number;
}

/** Requests that may be under way at a time. */
const MAX_REQUESTS = 16;

export class Requests {
  count = 0;
  list: Request[] = [];

  get areFull(): boolean {
    return this.count >= MAX_REQUESTS;
  }

  enter(id: string, data: string, granted: number, done: RequestDone): void {
    this.list.push({ id: id, data: data, granted: granted, done: done, at: -1 });
    this.count++;
  }

  /** `bytes` and the requests that are not sent yet, while they fit; the first always does. */
  addTo(bytes: string, limit: number, now: number): string {
    if (!this.count) return bytes;
    for (const request of this.list) {
      if (request.at >= 0) continue;
      if (bytes && bytes.length + request.data.length > limit) break;
      bytes += request.data;
      request.data = "";
      request.at = now;
    }
    return bytes;
  }

  /** Takes out the sent request that this acknowledgement answers. */
  answered(type: number, id: string): Request | undefined {
    for (let i = 0; i < this.count; i++) {
      const request = this.list[i];
      if (request.id === id && request.at >= 0 && request.granted > 0 === (type === SUBACK)) {
        this.count--;
        return this.list.splice(i, 1)[0];
      }
    }
    return undefined;
  }

  /** Takes out a request that was sent at this time or before. */
  overdue(before: number): Request | undefined {
    for (const request of this.list) {
      if (request.at >= 0 && request.at <= before) {
        this.answered(request.granted ? SUBACK : 0, request.id);
        return request;
      }
    }
    return undefined;
  }

  takeAll(): Request[] {
    const all = this.list;
    this.list = [];
    this.count = 0;
    return all;
  }
}

/** Whether return codes answer this many filters of QoS 0 or 1: each 0, 1 or 0x80 (refused). */
export function isGrant(codes: string, filters: number): boolean {
  if (codes.length !== filters) return false;
  for (let i = 0; i < filters; i++) {
    const code = codes.charCodeAt(i);
    if (code > 1 && code !== 0x80) return false;
  }
  return true;
}
