/**
 * What the platform keeps of jobs for devices: the job, and each device's task of it. Times are
 * milliseconds since 1970.
 * @module
 */
import type { DeviceId } from "../device-id.ts";

/** As the OpenAPI spells them (help.aliyun.com/document_detail/198574.html). */
export const JOB_TYPES = ["CUSTOM_JOB", "SET_PROPERTY", "INVOKE_SERVICE", "PUB"] as const;
export type DeviceJobType = (typeof JOB_TYPES)[number];

/** A file that comes with a custom job. */
export interface JobFile {
  /** Name in the file store. */
  key: string;
  signMethod: "Md5" | "Sha256";
  /** Hexadecimal. */
  sign: string;
}

export interface DeviceJobRecord {
  jobId: string;
  name: string;
  description: string;
  type: DeviceJobType;
  /** What devices are to do; its members depend on the type. */
  document: Record<string, unknown>;
  file?: JobFile;
  /** All devices of a product, when absent those of the tasks. */
  productKey?: string;
  maximumPerMinute: number;
  /** Of the notices. */
  qos: 0 | 1;
  /** From a task's first report of being in progress on; programs may give fractions. */
  timeoutMinutes?: number;
  scheduleAt?: number;
  canceled: boolean;
  createdAt: number;
  modifiedAt: number;
}

/** As devices and the OpenAPI spell them (help.aliyun.com/zh/iot/developer-reference/api-querytask). */
export const TASK_STATUSES = [
  "QUEUED",
  "SENT",
  "IN_PROGRESS",
  "SUCCEEDED",
  "FAILED",
  "REJECTED",
  "TIMED_OUT",
  "CANCELLED",
] as const;
export type DeviceTaskStatus = (typeof TASK_STATUSES)[number];

export interface DeviceTaskRecord extends DeviceId {
  taskId: string;
  jobId: string;
  iotId: string;
  status: DeviceTaskStatus;
  /** Per cent. */
  progress: number;
  /** What the device has reported along with it. */
  statusDetails?: Record<string, unknown>;
  /** The platform's words where it has decided. */
  message: string;
  /** When it was first reported to be in progress: the timeout counts from here. */
  startedAt?: number;
  queuedAt: number;
  modifiedAt: number;
}

/** Whether a task has come to an end. */
export function isOver(status: DeviceTaskStatus): boolean {
  return status !== "QUEUED" && status !== "SENT" && status !== "IN_PROGRESS";
}
