/**
 * What the console page and its server say to one another, as JSON. Times are milliseconds since
 * 1970.
 * @module
 */
import type { DeviceId } from "../cloud/device-id.ts";
import type { DeviceStatus } from "../cloud/device-view.ts";
import type { JobStatus } from "../cloud/ota/jobs.ts";
import type { Problem } from "../cloud/problems.ts";
import type { HistoryEntry, SeriesKind, TimedValue } from "../cloud/store/history.ts";
import type { SignMethod, TaskStatus } from "../cloud/store/ota-records.ts";
import type { Event, Property, Service } from "../cloud/thing/tsl.ts";
import type { Schema } from "../provision/schema.ts";
import type { SettingsFault } from "../provision/validate.ts";

export type { SettingsFault } from "../provision/validate.ts";

/** What a request that failed is answered with. */
export interface Refusal {
  /** As the platform says it. */
  message: string;
  /** Of the OpenAPI, where it is the platform that refuses. */
  code?: string;
  /** For the page's own words. */
  problem?: Problem | undefined;
}

export interface ProductRow {
  productKey: string;
  name: string;
}

export interface ModuleVersion {
  module: string;
  version: string;
}

export interface DeviceRow {
  productKey: string;
  deviceName: string;
  nickname: string;
  status: DeviceStatus;
  /** Of a sub-device, whose state is its own. */
  gateway?: DeviceId;
  versions: ModuleVersion[];
  /** When it last came, went or sent something; absent when it never did. */
  lastSeen?: number;
}

/** `GET /api/devices`. */
export interface Overview {
  products: ProductRow[];
  devices: DeviceRow[];
}

/** The thing model as far as the page shows it. */
export interface Model {
  properties: Property[];
  events: Event[];
  services: Service[];
}

/** A series to draw: one number for each time. */
export interface Series {
  /** Path within the property, e.g. `"Longitude"`; empty for the property itself. */
  member: string;
  times: number[];
  values: number[];
}

/** `GET /api/devices/{productKey}/{deviceName}`. */
export interface DeviceDetail {
  device: DeviceRow;
  product: ProductRow;
  model: Model;
  values: Record<string, TimedValue>;
  /** Newest first. */
  events: HistoryEntry[];
  /** Newest values of each property that is a number. */
  recent: Record<string, Series>;
  /** Whether the page may ask for the device's secrets: only those of the demo product. */
  canReveal: boolean;
}

/** `GET …/files`, newest first; one that is complete is downloaded from `…/files/{fileId}`. */
export interface DeviceFileRow {
  fileId: string;
  name: string;
  /** Bytes; -1 while unknown. */
  size: number;
  received: number;
  complete: boolean;
  createdAt: number;
}

/** `POST …/secret`. */
export interface Secrets {
  productSecret: string;
  deviceSecret: string;
}

/** What a device answered to a property set or a service. */
export interface Reply {
  code: number;
  message: string;
  data: Record<string, unknown>;
}

/** What a device answered to an RRPC. */
export interface RrpcReply {
  messageId: string;
  payload: string;
}

/** One message between a device and the platform. */
export interface MessageRow {
  /** Counts up; a page leaves out what it has. */
  id: number;
  at: number;
  productKey: string;
  deviceName: string;
  direction: "up" | "down";
  topic: string;
  /** Text, cut when it is long, or a description of bytes that are none. */
  payload: string;
  /** Bytes of the whole payload. */
  bytes: number;
  qos: 0 | 1;
  code?: number;
  note?: string;
}

export interface PackageRow {
  firmwareId: string;
  name: string;
  productKey: string;
  module: string;
  version: string;
  bytes: number;
  createdAt: number;
}

export interface TaskRow {
  taskId: string;
  jobId: string;
  deviceName: string;
  status: TaskStatus;
  /** Per cent, or a negative reason of failure. */
  progress: number;
  desc: string;
  srcVersion?: string;
  modifiedAt: number;
}

export interface JobRow {
  jobId: string;
  productKey: string;
  module: string;
  version: string;
  status: JobStatus;
  protocol: "HTTPS" | "MQTT";
  /** How many devices are in each state. */
  counts: { [status in TaskStatus]?: number };
  /** Of all devices together, 0 to 100. */
  progress: number;
  createdAt: number;
}

/** `GET /api/updates`, newest first. */
export interface UpdatesOverview {
  packages: PackageRow[];
  jobs: JobRow[];
}

/** `POST /api/images`: what an uploaded file says of itself. */
export interface ImageInfo {
  bytes: number;
  /** Absent when it is no image of `npm run pack`. */
  image?: { module: string; version: string; board: string; signed: boolean };
  /** What is wrong with it; empty when nothing is. */
  problems: string[];
}

/** Fields of the form of `POST /api/packages`, besides `file`. */
export interface PackageFields {
  productKey: string;
  module: string;
  version: string;
  signMethod: SignMethod;
}

/** `POST /api/jobs`. */
export interface JobRequest {
  firmwareId: string;
  devices: string[];
  protocol: "https" | "mqtt";
  /** Whether waiting updates of the devices give way. */
  overwrite: boolean;
}

/** How a board reaches its network. */
export type BoardLink = "wifi" | "host" | "modem";

/** `POST /api/board/target`: what the board that was described is, and how to talk to it. */
export interface TargetReply {
  /** The board file. */
  board: string;
  /** Absent where several board files fit. */
  link?: BoardLink;
  /** Code that starts the board anew. */
  restart: string;
  /** Names of settings that may be shown. */
  open: string[];
  /** What settings there are. */
  schema: Schema;
  /** The program that changes settings. */
  script: string;
}

/** `POST /api/board/check`. */
export interface CheckRequest {
  /** As they would be; `null` for each secret that stays. */
  settings: Record<string, unknown>;
  link?: BoardLink;
}

export interface CheckReply {
  /** What is wrong; empty: nothing. */
  faults: SettingsFault[];
}

/** What can be broken on purpose. */
export type FaultName = "network" | "expired" | "corrupt" | "block";

/** How often a fault of downloads strikes. */
export type FaultScope = "once" | "always";

/** Faults that are on. */
export type FaultStates = { [name in FaultName]?: FaultScope };

/** Kinds of events of the live stream, and their data. */
export interface LiveEvents {
  /** Devices that changed, or are new. */
  devices: DeviceRow[];
  /** New entries of the watched device. */
  entries: { kind: SeriesKind; entry: HistoryEntry }[];
  /** New messages, oldest first, and how many were left out because the page was too slow. */
  messages: { rows: MessageRow[]; skipped: number };
  /** Jobs and tasks that changed. */
  updates: { jobs: JobRow[]; tasks: TaskRow[] };
  faults: FaultStates;
  /** Something was left out: what is shown has to be fetched again. */
  resync: Record<string, never>;
}
