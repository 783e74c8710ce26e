/**
 * What passes through the platform, for people and tests to watch.
 * @module
 */
import { EventEmitter } from "node:events";
import type { DeviceId } from "./device-id.ts";
import type { TaskRecord, TaskStatus } from "./store/ota-records.ts";

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

/** A device asked for a secret or token of its own; these are left out. */
export interface TraceRegistration {
  at: number;
  /** As it calls itself. */
  device: DeviceId;
  kind: "register" | "regnwl";
  form: "https" | "mqtt" | "gateway";
  /** 200, or why it got none. */
  code: number;
  message: string;
}

export interface TraceSubscription {
  at: number;
  device: DeviceId;
  filter: string;
  granted: boolean;
  reason?: string;
}

/** A device's update was created or went on: its status or progress changed. */
export interface TraceTask {
  at: number;
  device: DeviceId;
  task: TaskRecord;
  status: TaskStatus;
  /** The status before; absent when the task is new. */
  before?: TaskStatus;
}

/** The file server has answered; addresses are left out, as they hold signatures. */
export interface TraceDownload {
  at: number;
  file: string;
  /** The package that the file belongs to. */
  firmwareId?: string;
  method: string;
  status: number;
  /** Offsets of the first byte that was asked for and of the one after the last. */
  from?: number;
  to?: number;
  /** Bytes of the body. */
  sent: number;
}

interface TraceEvents {
  message: [TraceMessage];
  status: [TraceStatus];
  refusal: [TraceRefusal];
  registration: [TraceRegistration];
  subscription: [TraceSubscription];
  task: [TraceTask];
  download: [TraceDownload];
}

/**
 * Emits every message, change of status, refused log-on, registration and subscription, and each step
 * of an update and each request to the file server.
 */
export class Trace extends EventEmitter<TraceEvents> {}
