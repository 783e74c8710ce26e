/**
 * What the platform sends: replies go to the requests that wait for them, everything else to the
 * application's callback.
 * @module
 */
import { describeError, logDebug, logError, logWarn } from "../debug/log.ts";
import type { Exchange } from "./exchange.ts";
import type { OtaPeer } from "./ota-peer.ts";
import { decode } from "./payload.ts";
import type { PlatformClock } from "./platform-clock.ts";
import { SyncCalls } from "./sync-calls.ts";
import { lastLevel, type Topics } from "./topics.ts";

/** Gets what the platform sends: `data` parsed when it is JSON, else the text. */
export type Callback = (topic: string, data: any) => void;

export class Inbox {
  received = 0;
  callbackErrors = 0;
  callback: Callback | undefined;
  /** The updater, where the application has one. */
  ota: OtaPeer | undefined;
  readonly syncCalls = new SyncCalls();
  private readonly exchange: Exchange;
  private readonly topics: Topics;
  private readonly clock: PlatformClock;

  constructor(exchange: Exchange, topics: Topics, clock: PlatformClock) {
    this.exchange = exchange;
    this.topics = topics;
    this.clock = clock;
  }

  /** Takes a message; never throws. */
  accept(topic: string, payload: string): void {
    this.received++;
    logDebug("ali", "< " + topic);
    if (this.ota && topic === this.topics.fileReply) {
      this.ota.block(payload);
      return;
    }
    const data = decode(payload);
    if (topic === this.topics.ntpResponse) {
      this.clock.accept(data);
      return;
    }
    let target = topic;
    if (data !== null && typeof data === "object") {
      if (topic.endsWith("_reply") && data.id !== undefined) {
        // The answer to otaFirmwareGet carries the package: that is the application's, and too much
        // to be kept as the last reply.
        const isOffer = topic === this.topics.otaGetReply;
        this.settle(data, isOffer ? undefined : data.data);
        if (!isOffer || this.ota?.offered(data)) return;
      } else if (topic.startsWith(this.topics.rrpcRequest)) {
        const service = this.syncCalls.accept(data, lastLevel(topic));
        if (service) target = this.topics.service + service;
      }
    }
    this.call(target, data);
  }

  private settle(reply: any, data: any): void {
    this.exchange.settle({
      id: "" + reply.id,
      code: reply.code,
      message: reply.message || "",
      data: data,
    });
  }

  private call(topic: string, data: any): void {
    if (!this.callback) {
      logWarn("ali", "no callback for " + topic);
      return;
    }
    try {
      this.callback(topic, data);
    } catch (error) {
      this.callbackErrors++;
      logError("ali", "the callback failed on " + topic + ": " + describeError(error));
    }
  }
}
