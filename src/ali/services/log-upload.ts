/**
 * Uploads the device's log while the platform's switch for it is on (`thing/log/post`, "Device log
 * reporting").
 * @module
 */
import { type LogLevel, levels, setLogSink } from "../../debug/log.ts";
import { timeOfDay, uptime } from "../../system/clock.ts";
import type { AliIot } from "../aliiot.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";

/** Limits; times in ms. */
export const LOG_LIMITS = {
  /** Lines that wait; beyond that the oldest go. */
  lines: 24,
  /** Lines of one post, and the pause between two. */
  batch: 8,
  pause: 5000,
  /** Bytes of a line. */
  content: 400,
};

const POST = "thing/log/post";
const SWITCH = "thing/config/log/";

/** A line that waits. */
interface Line {
  /** Uptime, s: the clock may not be set yet. */
  at: number;
  level: number;
  part: string;
  text: string;
  /** Which line since the start. */
  number: number;
}

/**
 * Posts the log's messages at or above a level, whatever the console shows, in batches. They wait,
 * 24 at most, until the platform has said whether it wants them and the clock is set; what does not
 * arrive is not repeated. Of the messages about its own posts none is uploaded, and none that holds
 * the device's secret.
 * @public
 */
export class LogUpload implements Service {
  private readonly port: Port;
  private readonly secretOf: () => string;
  private readonly level: number;
  private lines: Line[] = [];
  private count = 0;
  /** Undefined: the platform has not said yet. */
  private wanted: boolean | undefined;
  private isOnline = false;
  private timer = 0;
  /** A post is on its way: what is logged meanwhile in the same turn is about it. */
  private posting = false;

  /** `level`: the least that is uploaded. One object of this class serves a device. */
  constructor(server: AliIot<any>, level: LogLevel = "warn") {
    this.level = levels().indexOf(level);
    if (this.level < 0) throw new Error("LogUpload: off, error, warn, info or debug expected");
    this.port = server.port;
    this.secretOf = () => server.authInfo.deviceSecret;
    this.port.attach(this);
    const sys = this.port.topics.sys;
    this.port.subscribe(sys + SWITCH + "get_reply");
    this.port.subscribe(sys + SWITCH + "push");
    this.port.subscribe(sys + POST + "_reply");
    setLogSink((level, part, text) => this.note(level, part, text));
  }

  /** Whether the platform wants the log; undefined: it has not said yet. */
  get isWanted(): boolean | undefined {
    return this.wanted;
  }

  /** @internal */
  accept(topic: string, payload: string): boolean {
    if (topic !== this.port.topics.sys + SWITCH + "push") return false;
    const request = decode(payload);
    this.switchTo(request && request.params);
    return true;
  }

  /** @internal */
  online(): void {
    this.isOnline = true;
    const asked = { configScope: "device", getType: "content" };
    this.port.call(SWITCH + "get", asked).then((reply) => this.switchTo(reply.data));
  }

  /** @internal */
  offline(): void {
    this.isOnline = false;
  }

  /** @internal The timer's call. */
  onTime(): void {
    this.timer = 0;
    const now = timeOfDay();
    if (this.isOnline && now) this.post(now);
    this.arm();
  }

  private switchTo(data: any): void {
    const mode = data && data.content && data.content.mode;
    if (mode === undefined) return;
    this.wanted = +mode === 1;
    if (!this.wanted) this.lines = [];
    this.arm();
  }

  private note(level: number, part: string, text: string): void {
    if (level > this.level || this.wanted === false || this.posting) return;
    // The platform's answers, too, are logged by their topic.
    if (text.indexOf("/" + POST) >= 0) return;
    const cut = text.substr(0, LOG_LIMITS.content);
    this.lines.push({ at: uptime(), level: level, part: part, text: cut, number: ++this.count });
    if (this.lines.length > LOG_LIMITS.lines) this.lines.shift();
    this.arm();
  }

  private arm(): void {
    if (this.timer || !this.wanted || !this.lines.length) return;
    this.timer = setTimeout(onTime, LOG_LIMITS.pause, this);
  }

  private post(now: number): void {
    const secret = this.secretOf();
    const params: object[] = [];
    for (const line of this.lines.splice(0, LOG_LIMITS.batch)) {
      if (line.text.indexOf(secret) >= 0) continue;
      const time = new Date(now - (uptime() - line.at) * 1000).toISOString();
      params.push({
        utcTime: time.replace("Z", "+0000"),
        logLevel: levels()[line.level].toUpperCase(),
        module: line.part,
        code: "0",
        traceContext: "" + line.number,
        logContent: line.text,
      });
    }
    if (!params.length) return;
    this.posting = true;
    this.port.call(POST, params);
    this.posting = false;
  }
}

function onTime(upload: LogUpload): void {
  upload.onTime();
}
