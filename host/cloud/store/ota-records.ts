/**
 * What the platform keeps of updates: packages, modules, jobs (batches) and each device's task.
 * Times are milliseconds since 1970.
 * @module
 */
import type { DeviceId } from "../device-id.ts";

/** The module's name when a message names none: the device's firmware. */
export const DEFAULT_MODULE = "default";

export type SignMethod = "MD5" | "SHA256";

/** One file of a package. */
export interface PackageFile {
  name: string;
  /** Name in the file store. */
  key: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  md5: string;
  /** Hex, by the package's method. */
  sign: string;
}

/** `Status` of the OpenAPI: -1 needs no verification, 0 not verified, 1 verified, 2 under way, 3 failed. */
export type Verification = -1 | 0 | 1 | 2 | 3;

export interface FirmwareRecord {
  firmwareId: string;
  name: string;
  productKey: string;
  module: string;
  /** The version that devices have afterwards. */
  version: string;
  /** The version that a differential package starts from. */
  srcVersion?: string;
  diff: boolean;
  description: string;
  signMethod: SignMethod;
  /** More than one: a multi-file package. */
  files: PackageFile[];
  /** Free text for the device. */
  udi?: string;
  verification: Verification;
  /** Names the package in MQTT downloads. */
  streamId: number;
  createdAt: number;
  modifiedAt: number;
}

export interface OtaModuleRecord {
  productKey: string;
  name: string;
  alias: string;
  description: string;
  createdAt: number;
  modifiedAt: number;
}

export type DownloadProtocol = "HTTPS" | "MQTT";

export interface JobRecord {
  jobId: string;
  firmwareId: string;
  productKey: string;
  type: "VERIFY_FIRMWARE" | "UPGRADE_FIRMWARE";
  selection: "STATIC" | "DYNAMIC";
  target: "ALL" | "SPECIFIC" | "GRAY";
  protocol: DownloadProtocol;
  /** Versions that are updated; all when empty. */
  srcVersions: string[];
  /** Whether devices are told, or only learn of the package when they ask. */
  needPush: boolean;
  needConfirm: boolean;
  /** Whether a device's waiting task gives way to that of this job. */
  overwrite: boolean;
  /** Dynamic: whether only devices count that report a version from now on. */
  laterOnly: boolean;
  /** Pushes per minute. */
  maximumPerMinute: number;
  timeoutMinutes?: number;
  /** Minutes between a failure and the next try, and how many tries follow the first. */
  retryInterval?: number;
  retryCount?: number;
  grayPercent?: string;
  scheduleAt?: number;
  finishAt?: number;
  tags: { key: string; value: string }[];
  /** Set when the job's strategy was cancelled: no further devices join. */
  canceled: boolean;
  createdAt: number;
  modifiedAt: number;
}

/** As the OpenAPI spells them (help.aliyun.com/document_detail/149636.html). */
export type TaskStatus =
  | "CONFIRM"
  | "QUEUED"
  | "NOTIFIED"
  | "IN_PROGRESS"
  | "SUCCEEDED"
  | "FAILED"
  | "CANCELED";

export interface TaskRecord extends DeviceId {
  taskId: string;
  jobId: string;
  firmwareId: string;
  iotId: string;
  module: string;
  /** The version that the device had, once known. */
  srcVersion?: string;
  destVersion: string;
  status: TaskStatus;
  /** Last percentage, or the negative reason of a failure; 0 before the first report. */
  progress: number;
  /** The device's own words, or the platform's when it decided. */
  desc: string;
  /** How often the package was announced. */
  pushes: number;
  /** When the first progress was reported: the timeout counts from here. */
  startedAt?: number;
  timeoutMinutes?: number;
  /** Tries after the first one so far, and when the next one is due. */
  retries: number;
  retryAt?: number;
  createdAt: number;
  modifiedAt: number;
}
