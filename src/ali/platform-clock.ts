/**
 * Sets the board's clock by the platform's (`/ext/ntp/…`, "NTP service"): at each log-on and then
 * daily. In between, also while the device is offline, the crystal's drift is made good.
 * @module
 */
import { device } from "#board";
import { logInfo, logWarn } from "../debug/log.ts";
import { setClock, uptime } from "../system/clock.ts";
import { correctDrift, measureDrift, readDrift } from "./drift.ts";
import type { Exchange } from "./exchange.ts";
import type { Topics } from "./topics.ts";

const HOUR_MS = 3600000;
const DAY = 24;

export class PlatformClock {
  private readonly exchange: Exchange;
  private readonly topics: Topics;
  /** When the request left, s; -1: none waits for its answer. */
  private askedAt = -1;
  /** From the first log-on on. */
  private timer = 0;
  /** Until the next question, h; 0: offline. */
  private hours = 0;

  constructor(exchange: Exchange, topics: Topics) {
    this.exchange = exchange;
    this.topics = topics;
  }

  /** Asks, at QoS 0: an answer can only be lost with the connection, and the next log-on asks. */
  start(): void {
    if (!device.ownClock) return;
    readDrift();
    if (!this.timer) this.timer = setTimeout(onHour, HOUR_MS, this);
    this.hours = DAY;
    this.askedAt = uptime();
    const request = { deviceSendTime: "" + Math.floor(Date.now()) };
    this.exchange.publish(this.topics.ntpRequest, JSON.stringify(request), 0);
  }

  stop(): void {
    this.hours = 0;
    this.askedAt = -1;
  }

  /** Takes the platform's answer: its clock in the middle of the round trip. */
  accept(answer: any): void {
    if (this.askedAt < 0) return;
    const trip = (uptime() - this.askedAt) * 1000;
    this.askedAt = -1;
    const received = parseFloat(answer && answer.serverRecvTime);
    const sent = parseFloat(answer && answer.serverSendTime);
    const now = (received + sent + trip) / 2;
    if (setClock(now)) {
      logInfo("ali", "clock set, round trip " + trip.toFixed(0) + " ms");
      measureDrift(now, trip);
    } else {
      logWarn("ali", "clock not set: serverRecvTime and serverSendTime, ms, expected");
    }
  }

  /** The timer's call. */
  onHour(): void {
    this.timer = setTimeout(onHour, HOUR_MS, this);
    correctDrift();
    if (this.hours && !--this.hours) this.start();
  }
}

function onHour(clock: PlatformClock): void {
  clock.onHour();
}
