/**
 * Logs that devices upload, and the switch that says whether they shall
 * (help.aliyun.com/document_detail/159859.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import {
  LOG_CONTENT_MAX_BYTES,
  LOG_KEPT_MAX,
  LOG_LINES_MAX,
  LOG_UPLOAD_PRESET,
} from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { Router, UpMessage } from "../router.ts";
import { BoundedLists } from "../store/bounded-lists.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { Table } from "../store/table.ts";
import { isObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import type { Notice, Notices } from "../thing/notices.ts";
import { type Answer, offerRequest, parameterError } from "../thing/request.ts";

const LEVELS = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG"] as const;

/** One line of a device's log. */
export interface LogLine {
  /** When the device wrote it, milliseconds since 1970. */
  time: number;
  /** When it arrived. */
  at: number;
  level: (typeof LEVELS)[number];
  module: string;
  code: string;
  traceContext: string;
  content: string;
}

interface SwitchRow {
  on: boolean;
}

const PUSH = "thing/config/log/push";

export class Logs {
  readonly #switches: Table<SwitchRow>;
  readonly #lines: BoundedLists<LogLine>;
  readonly #notices: Notices;
  readonly #broker: Broker;

  private constructor(switches: Table<SwitchRow>, { store, router, notices, broker }: LogParts) {
    this.#switches = switches;
    this.#lines = new BoundedLists(store, "log-line/", LOG_KEPT_MAX);
    this.#notices = notices;
    this.#broker = broker;
    offerRequest(router, "/sys/{own}/thing/config/log/get", (_params, { device }) => {
      return { code: Code.success, data: content(this.isOn(device)) };
    });
    offerRequest(router, "/sys/{own}/thing/log/post", (params, message) =>
      this.#post(params, message),
    );
    notices.offer(PUSH);
  }

  static async load(parts: LogParts): Promise<Logs> {
    return new Logs(await Table.load(parts.store, "log-switch/"), parts);
  }

  /** Whether a device shall upload its log. */
  isOn(device: DeviceId): boolean {
    return this.#switches.get(rowOf(device))?.on ?? LOG_UPLOAD_PRESET;
  }

  /** Sets the switch of a device, which is told when it is online; else it asks when it comes. */
  async set(device: DeviceId, on: boolean): Promise<Notice | undefined> {
    this.#switches.put(rowOf(device), { on });
    if (!this.#broker.session(device)?.online) return undefined;
    return this.#notices.send(device, PUSH, content(on));
  }

  /** What a device has uploaded, oldest first: the newest 1000 lines. */
  lines(device: DeviceId): Promise<LogLine[]> {
    return this.#lines.list(device);
  }

  /** Removes all of a device. */
  async forget(device: DeviceId): Promise<void> {
    this.#switches.delete(rowOf(device));
    await this.#lines.clear(device);
  }

  /** Waits until everything is in the store. */
  close(): Promise<void> {
    return this.#switches.flush();
  }

  async #post(params: unknown, { device, at }: UpMessage): Promise<Answer> {
    if (!Array.isArray(params) || params.length === 0 || params.length > LOG_LINES_MAX) {
      return parameterError(`params has to be a list of 1 to ${LOG_LINES_MAX} lines`);
    }
    const lines: LogLine[] = [];
    for (const [index, entry] of params.entries()) {
      const line = readLine(entry, at);
      if (typeof line === "string") return parameterError(`line ${index}: ${line}`);
      lines.push(line);
    }
    await this.#lines.append(device, lines);
    return this.isOn(device)
      ? { code: Code.success }
      : { code: Code.success, text: "success, though the upload is switched off" };
  }
}

export interface LogParts {
  store: OrderedStore;
  router: Router;
  notices: Notices;
  broker: Broker;
}

/** A line as it is kept, or what is wrong with it. */
function readLine(entry: unknown, at: number): LogLine | string {
  if (!isObject(entry)) return "an object is expected";
  const { utcTime, logLevel, module, code = "", traceContext = "", logContent } = entry;
  const time = typeof utcTime === "string" ? Date.parse(utcTime) : Number.NaN;
  if (Number.isNaN(time)) return "utcTime has to be like 2024-06-10T08:00:00.000+0000";
  const level = LEVELS.find((each) => each === logLevel);
  if (!level) return `logLevel has to be one of ${LEVELS.join(", ")}`;
  if (typeof module !== "string" || module === "") return "module is missing";
  if (typeof logContent !== "string") return "logContent is missing";
  if (Buffer.byteLength(logContent) > LOG_CONTENT_MAX_BYTES) {
    return `logContent is longer than ${LOG_CONTENT_MAX_BYTES} bytes`;
  }
  const texts = { module, code: String(code), traceContext: String(traceContext) };
  return { time, at, level, ...texts, content: logContent };
}

function content(on: boolean): object {
  return { getType: "content", content: { mode: on ? 1 : 0 } };
}

function rowOf({ productKey, deviceName }: DeviceId): string {
  return `${productKey}/${deviceName}`;
}
