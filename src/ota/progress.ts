/**
 * Progress reports of one update: a step per 5 % and per 2 s at the most, and never 0, which the
 * platform takes for a failure.
 * @module
 */
import type { AliIot } from "../ali/aliiot.ts";
import { otaTopic } from "../ali/topics.ts";
import { uptime } from "../system/clock.ts";

/** Per cent, and s, between two reports. */
const LEAST_STEP = 5;
const LEAST_PAUSE = 2;
/** Steps before the last: 100 comes when the image waits for the restart. */
const HIGHEST = 95;

export class Progress {
  /** Last percentage of the work itself, reported or not. */
  percent = 0;
  private reported = -LEAST_STEP;
  private reportedAt = -LEAST_PAUSE;
  private timer = 0;
  private readonly server: AliIot;
  private readonly module: string;

  constructor(server: AliIot, module: string) {
    this.server = server;
    this.module = module;
  }

  /** Notes that `percent` is done; reports it when a report is due. */
  reach(percent: number, text: string): void {
    this.percent = Math.min(Math.max(1, Math.floor(percent)), HIGHEST);
    if (!this.server.status || this.percent < this.reported + LEAST_STEP) return;
    if (uptime() < this.reportedAt + LEAST_PAUSE) return;
    this.send(this.percent, text);
  }

  /** Reports 100 as soon as a report is due, then goes on. */
  complete(text: string, done: () => void): void {
    this.percent = 100;
    const wait = this.reportedAt + LEAST_PAUSE - uptime();
    this.timer = setTimeout(
      () => {
        this.timer = 0;
        if (this.server.status) this.send(100, text);
        done();
      },
      Math.max(0, Math.min(wait, LEAST_PAUSE)) * 1000,
    );
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
  }

  private send(percent: number, text: string): void {
    this.reported = percent;
    this.reportedAt = uptime();
    // At QoS 0, for the next one makes up for a lost one, and without a promise.
    const params = { step: "" + percent, desc: text, module: this.module };
    const port = this.server.port;
    port.exchange.ask(otaTopic(port.topics.sys, "progress"), params);
  }
}
