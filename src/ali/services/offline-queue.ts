/**
 * Reports that are made without a connection: kept, in flash where the board has room, and posted as
 * history with their true times when the connection is back (`thing/event/property/history/post`).
 *
 * The queue's reports never wait in the MQTT outbox: they leave at QoS 0, and what the platform has not
 * answered when the connection goes is kept. So the outbox has room for answers to the platform, and
 * nothing is in both. After a cut of power between a post and the note of its reply it is posted again.
 * @module
 */
import { logInfo, logWarn } from "../../debug/log.ts";
import { Backlog } from "../../store/backlog.ts";
import { openQueueLog } from "../../store/queue-area.ts";
import type { RecordLog } from "../../store/record-log.ts";
import { timeOfDay, uptime } from "../../system/clock.ts";
import { parseJson, toJson } from "../../text/json.ts";
import type { AliIot } from "../aliiot.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import type {
  AnyModel,
  EventName,
  EventOutput,
  PropertyReport,
  ThingModel,
} from "../thing-model.ts";
import {
  EVENT,
  eventText,
  kindOf,
  PROPERTIES,
  propertiesText,
  ReportTimes,
  textOf,
  withTime,
} from "./report-record.ts";

const PART = "queue";
const HISTORY = "thing/event/property/history/post";
/** Bytes of one history post, about. */
const POST_BYTES = 1500;
/** Reports on their way at a time; more are kept. */
const MOST_UNDER_WAY = 8;
/** How long a post waits for the platform's reply, and then for its next try, ms. */
const REPLY_MS = 15000;
const RETRY_MS = 10000;
/** How often and how many times the clock is looked at before reports go out without. */
const CLOCK_MS = 500;
const CLOCK_LOOKS = 20;
/** Of a board without room in flash. */
const RAM_BYTES = 4096;
/** Ali's codes that pass: throttled, its own failure, the checker is down. */
const PASSING = [429, 500, 6313];

/** How the queue works; all may be left out. */
export interface OfflineQueueOptions {
  /** Keep reports in flash, where the board has room for it; default true. */
  flash?: boolean;
  /**
   * Bytes of reports that are held in RAM before they go to flash, and are lost with the power;
   * default 0. Without flash, all that is kept: default 4096.
   */
  ramBytes?: number;
  /** Reports in one post, 1 to 200; default 20. */
  batch?: number;
  /** Pause between the reply to a post and the next, ms; default 250. */
  pause?: number;
}

/** A report that the platform has not answered yet. */
interface UnderWay {
  id: string;
  record: string;
  /** When it left, s. */
  at: number;
  done: (taken: boolean) => void;
}

/**
 * Reports that outlive the connection, and with flash the power.
 * @public
 */
export class OfflineQueue<Model extends ThingModel = AnyModel> implements Service {
  /** Reports posted as history, and those that the platform refused, since the start. */
  posted = 0;
  refused = 0;
  private readonly port: Port;
  private readonly backlog: Backlog;
  private readonly times = new ReportTimes();
  private readonly batch: number;
  private readonly pause: number;
  private readonly underWay: UnderWay[] = [];
  private isOnline = false;
  private timer = 0;
  /** The post that waits for its reply: id, records, and what was dropped before it; "": none. */
  private postId = "";
  private postCount = 0;
  private droppedBefore = 0;
  /** So many are posted one by one, for one of them was refused. */
  private single = 0;
  private looks = 0;
  /** The last value of each property that was posted as history, by name. */
  private latest: { [name: string]: any } = {};
  private hasLatest = false;
  /** When properties were reported past those that wait, ms since 1970, by name. */
  private reported: { [name: string]: number } = {};

  constructor(
    private readonly server: AliIot<Model>,
    options: OfflineQueueOptions = {},
  ) {
    this.port = server.port;
    this.batch = bounded("batch", options.batch, 20, 1, 200);
    this.pause = bounded("pause", options.pause, 250, 0, 3600000);
    let log: RecordLog | undefined;
    if (options.flash !== false) log = openQueueLog((record) => this.times.learn(record));
    this.backlog = new Backlog(
      log,
      bounded("ramBytes", options.ramBytes, log ? 0 : RAM_BYTES, log ? 0 : 256, 1000000),
    );
    if (this.backlog.count) logInfo(PART, this.backlog.count + " reports wait from before");
    this.port.attach(this);
    this.port.subscribe(this.port.topics.sys + HISTORY + "_reply");
    if (server.status) this.online();
  }

  /** Reports that wait. */
  get waiting(): number {
    return this.backlog.count;
  }

  /** Reports that were given up for lack of room, the oldest first, since the start. */
  get dropped(): number {
    return this.backlog.dropped;
  }

  /**
   * As `AliIot.propertiesReport`: true when the platform has the report, or it is kept until it can be
   * sent; false when the platform refuses it, or it is longer than what is kept may be.
   */
  propertiesReport(data: PropertyReport<Model>): Promise<boolean> {
    const given: any = data;
    if (this.canSend() && (this.hasLatest || this.backlog.count)) {
      const now = timeOfDay() || 0;
      for (const name in given) {
        delete this.latest[name];
        this.reported["_" + name] = now;
      }
    }
    return this.report(PROPERTIES, propertiesText(given), "property", "");
  }

  /** As `AliIot.eventReport`; the rest as `propertiesReport`. */
  eventReport<Name extends EventName<Model>>(
    event: Name,
    data: EventOutput<Model, Name>,
  ): Promise<boolean> {
    this.server.addEvent(event);
    return this.report(EVENT, eventText(event, data), event, event);
  }

  /** Brings to flash what is held in RAM: before the power is switched off. */
  flush(): void {
    this.backlog.flush();
  }

  accept(topic: string, payload: string): boolean {
    if (!this.postId && this.underWay.length === 0) return false;
    if (!topic.endsWith("/post_reply")) return false;
    const reply = decode(payload);
    const id = reply && "" + reply.id;
    if (id && id === this.postId) {
      this.answered(reply);
      return true;
    }
    for (let i = 0; i < this.underWay.length; i++) {
      if (this.underWay[i].id !== id) continue;
      const one = this.underWay.splice(i, 1)[0];
      if (PASSING.includes(reply.code)) this.keep(one);
      else one.done(reply.code === 200);
      return true;
    }
    return false;
  }

  online(): void {
    this.isOnline = true;
    this.looks = 0;
    this.single = 0;
    this.next(1);
  }

  offline(): void {
    this.isOnline = false;
    this.postId = "";
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    while (this.underWay.length > 0) this.keep(this.underWay.shift() as UnderWay);
  }

  private report(kind: string, text: string, event: string, key: string): Promise<boolean> {
    const record = this.times.make(kind, text);
    if (record.length > this.backlog.longest) {
      logWarn(
        PART,
        "a report of " + record.length + " bytes: " + this.backlog.longest + " expected at most",
      );
      return Promise.resolve(false);
    }
    if (!this.canSend()) {
      this.add(record);
      return Promise.resolve(true);
    }
    let done!: (taken: boolean) => void;
    const result = new Promise<boolean>((settle) => {
      done = settle;
    });
    const id = this.port.exchange.newId();
    this.underWay.push({ id: id, record: record, at: uptime(), done: done });
    let params = withTime(text, this.times.timeOf(record));
    // Of an event, the name stands in the topic only.
    if (key) params = params.substr(key.length + 4, params.length - key.length - 5);
    this.send("thing/event/" + event + "/post", id, params);
    if (!this.timer) this.next(REPLY_MS);
    return result;
  }

  /** Whether a report can go past those that wait. */
  private canSend(): boolean {
    return this.isOnline && this.underWay.length < MOST_UNDER_WAY;
  }

  private send(path: string, id: string, params: string): void {
    const method = path.replace(/\//g, ".");
    const head = '{"id":"' + id + '","version":"1.0","sys":{"ack":1},"params":';
    const payload = head + params + ',"method":"' + method + '"}';
    this.port.exchange.publish(this.port.topics.sys + path, payload, 0);
  }

  /** A report of which it is not known whether the platform has it. */
  private keep(one: UnderWay): void {
    this.add(one.record);
    one.done(true);
  }

  private add(record: string): void {
    const anchor = this.times.anchor();
    if (anchor && this.backlog.count) this.backlog.append(anchor);
    this.backlog.append(record);
    if (this.isOnline && !this.timer) this.next(this.pause);
  }

  private next(ms: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.work(), ms);
  }

  /** Sends what is due, or gives up waiting for it. */
  private work(): void {
    this.timer = 0;
    if (this.postId) {
      logWarn(PART, "no reply from the platform: the post is sent again");
      this.postId = "";
      this.next(RETRY_MS);
      return;
    }
    const overdue = uptime() - REPLY_MS / 1000;
    while (this.underWay.length > 0 && this.underWay[0].at <= overdue) {
      this.keep(this.underWay.shift() as UnderWay);
    }
    if (!this.backlog.count) {
      this.times.forget();
      this.reportLatest();
      if (this.underWay.length > 0) this.next(REPLY_MS);
      return;
    }
    // The platform's clock comes shortly after the log-on.
    if (!timeOfDay() && this.looks < CLOCK_LOOKS) {
      this.looks++;
      this.next(CLOCK_MS);
      return;
    }
    this.post();
  }

  private post(): void {
    const anchor = this.times.anchor();
    if (anchor) this.backlog.append(anchor);
    const records = this.backlog.read(this.single ? 1 : this.batch, POST_BYTES);
    const rows: string[] = [];
    const events: string[] = [];
    // A report whose time nobody knows counts as made now, a millisecond after the one before.
    let now = timeOfDay() || 0;
    for (const record of records) {
      const kind = kindOf(record);
      if (kind !== PROPERTIES && kind !== EVENT) continue;
      const time = this.times.timeOf(record) || now;
      if (now) now++;
      (kind === EVENT ? events : rows).push(withTime(textOf(record), time));
    }
    this.postCount = records.length;
    this.droppedBefore = this.backlog.dropped;
    if (rows.length === 0 && events.length === 0) {
      this.settle(0);
      return;
    }
    const properties = "[" + rows.join(",") + "]";
    this.remember(properties);
    this.postId = this.port.exchange.newId();
    this.send(
      HISTORY,
      this.postId,
      '[{"identity":{"productKey":"","deviceName":""},"properties":' +
        properties +
        ',"events":[' +
        events.join(",") +
        "]}]",
    );
    this.next(REPLY_MS);
  }

  /** History leaves the current values alone: the last ones are reported when all is posted. */
  private remember(properties: string): void {
    for (const row of parseJson(properties)) {
      for (const name in row) {
        const newer = this.reported["_" + name];
        if (newer && row[name].time <= newer) continue;
        this.latest[name] = row[name];
        this.hasLatest = true;
      }
    }
  }

  private reportLatest(): void {
    this.reported = {};
    if (!this.hasLatest) return;
    const values = this.latest;
    this.latest = {};
    this.hasLatest = false;
    if (Object.keys(values).length > 0) {
      this.report(PROPERTIES, propertiesText(values), "property", "");
    }
  }

  private answered(reply: any): void {
    this.postId = "";
    if (reply.code === 200) {
      if (reply.data && Object.keys(reply.data).length > 0) {
        logWarn(PART, "the platform remarks: " + toJson(reply.data).substr(0, 200));
      }
      this.settle(this.postCount);
    } else if (PASSING.includes(reply.code)) {
      logWarn(PART, "code " + reply.code + " " + reply.message + ": the post is sent again");
      this.next(RETRY_MS);
    } else if (this.postCount > 1) {
      this.single = this.postCount;
      this.next(this.pause);
    } else {
      logWarn(PART, "a report is refused: code " + reply.code + " " + reply.message);
      this.refused++;
      this.settle(0);
    }
  }

  /** The present post is done, `posted` reports of it taken. */
  private settle(posted: number): void {
    this.posted += posted;
    // What was dropped meanwhile was the oldest: the post's own.
    this.backlog.settle(this.postCount - (this.backlog.dropped - this.droppedBefore));
    if (this.single) this.single -= this.postCount;
    this.next(this.pause);
  }
}

function bounded(name: string, given: any, preset: number, least: number, most: number): number {
  if (given === undefined) return preset;
  if (typeof given === "number" && given >= least && given <= most) return given;
  throw new Error("OfflineQueue: " + name + " must be a number from " + least + " to " + most);
}
