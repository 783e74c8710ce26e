/**
 * What passes through the platform, for people and tests to watch.
 * @module
 */
import { EventEmitter } from "node:events";
import type { DeviceId } from "./device-id.ts";

/** One message between a device and the platform. */
export interface TraceMessage {
  /** Milliseconds since 1970. */
  at: number;
  device: DeviceId;
  direction: "up" | "down";
  topic: string;
  payload: Buffer;
  qos: 0 | 1;
  /** Alink code: of the platform's verdict (up) or in the message itself (down). */
  code?: number;
  /** What was remarkable, e.g. `"No authorization"`. */
  note?: string;
}

export interface TraceStatus {
  at: number;
  device: DeviceId;
  online: boolean;
  /** Why it went offline, e.g. `"keepalive timeout"`. */
  reason?: string;
}

/** A log-on that was refused with a CONNACK code. */
export interface TraceRefusal {
  at: number;
  clientId: string;
  username: string;
  code: number;
  reason: string;
}

export interface TraceSubscription {
  at: number;
  device: DeviceId;
  filter: string;
  granted: boolean;
  reason?: string;
}

interface TraceEvents {
  message: [TraceMessage];
  status: [TraceStatus];
  refusal: [TraceRefusal];
  subscription: [TraceSubscription];
}

/** Emits every message, change of status, refused log-on and subscription. */
export class Trace extends EventEmitter<TraceEvents> {}
