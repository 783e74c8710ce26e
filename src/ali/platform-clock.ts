/**
 * Sets the board's clock by the platform's (`/ext/ntp/…`, "NTP service"): at each log-on and then
 * daily. In between, also while the device is offline, the crystal's drift is made good.
 * @module
 */
import { logInfo, logWarn } from "../debug/log.ts";
import { setClock, uptime } from "../system/clock.ts";
import { correctDrift, measureDrift, readDrift } from "./drift.ts";
import { decode } from "./payload.ts";
import type { Port } from "./port.ts";
import type { Service } from "./service.ts";

const HOUR_MS = 3600000;
const DAY = 24;
const RESPONSE = "/response";

export class PlatformClock implements Service {
  private readonly port: Port;
  private readonly topic: string;
  /** When the request left, s; -1: none waits for its answer. */
  private askedAt = -1;
  /** From the first log-on on. */
  private timer = 0;
  /** Until the next question, h; 0: offline. */
  private hours = 0;

  constructor(port: Port) {
    this.port = port;
    port.attach(this);
    this.topic = "/ext/ntp/" + port.topics.productKey + "/" + port.topics.deviceName;
    port.subscribe(this.topic + RESPONSE);
  }

  /** Asks, at QoS 0: an answer can only be lost with the connection, and the next log-on asks. */
  online(): void {
    readDrift();
    if (!this.timer) this.timer = setTimeout(onHour, HOUR_MS, this);
    this.hours = DAY;
    this.askedAt = uptime();
    const request = { deviceSendTime: "" + Math.floor(Date.now()) };
    this.port.exchange.publish(this.topic + "/request", JSON.stringify(request), 0);
  }

  offline(): void {
    this.hours = 0;
    this.askedAt = -1;
  }

  /** Takes the platform's answer: its clock in the middle of the round trip. */
  accept(topic: string, payload: string): boolean {
    if (!topic.startsWith("/ext/ntp/")) return false;
    if (this.askedAt >= 0) this.set(decode(payload));
    return true;
  }

  private set(answer: any): void {
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
    if (this.hours && !--this.hours) this.online();
  }
}

function onHour(clock: PlatformClock): void {
  clock.onHour();
}
