/**
 * Sets the board's clock by the platform's (`/ext/ntp/…`, "NTP service"): at each log-on and then
 * daily, for a crystal's drift is seconds a day.
 * @module
 */
import { device } from "#board";
import { logInfo, logWarn } from "../debug/log.ts";
import { setClock, uptime } from "../system/clock.ts";
import type { Exchange } from "./exchange.ts";
import type { Topics } from "./topics.ts";

const DAY_MS = 86400000;

export class PlatformClock {
  /** When the request left, s; -1: none waits for its answer. */
  private askedAt = -1;
  private timer = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly topics: Topics,
  ) {}

  /** Asks, at QoS 0: an answer can only be lost with the connection, and the next log-on asks. */
  start(): void {
    this.stop();
    if (!device.ownClock) return;
    this.timer = setTimeout(() => this.start(), DAY_MS);
    this.askedAt = uptime();
    const request = { deviceSendTime: "" + Math.floor(Date.now()) };
    this.exchange.publish(this.topics.ntpRequest, JSON.stringify(request), 0);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    this.askedAt = -1;
  }

  /** Takes the platform's answer: its clock in the middle of the round trip. */
  accept(answer: any): void {
    if (this.askedAt < 0) return;
    const trip = (uptime() - this.askedAt) * 1000;
    this.askedAt = -1;
    const received = parseFloat(answer && answer.serverRecvTime);
    const sent = parseFloat(answer && answer.serverSendTime);
    if (setClock((received + sent + trip) / 2)) {
      logInfo("ali", "clock set, round trip " + trip.toFixed(0) + " ms");
    } else {
      logWarn("ali", "clock not set: serverRecvTime and serverSendTime, ms, expected");
    }
  }
}
