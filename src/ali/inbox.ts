/**
 * What the platform sends: services see it first, replies go to the requests that wait for them,
 * everything else to the application's callback.
 * @module
 */
import { describeError, logDebug, logError, logWarn } from "../debug/log.ts";
import { decode } from "./payload.ts";
import type { PlatformClock } from "./platform-clock.ts";
import type { Port } from "./port.ts";
import { SyncCalls } from "./sync-calls.ts";
import { lastLevel } from "./topics.ts";

export class Inbox {
  received = 0;
  callbackErrors = 0;
  readonly syncCalls = new SyncCalls();

  constructor(
    private readonly port: Port,
    private readonly clock: PlatformClock,
  ) {}

  /** Takes a message; never throws. */
  accept(topic: string, payload: string): void {
    this.received++;
    logDebug("ali", "< " + topic);
    if (this.port.accept(topic, payload)) return;
    const data = decode(payload);
    const topics = this.port.topics;
    if (topic === topics.ntpResponse) {
      this.clock.accept(data);
      return;
    }
    if (data !== null && typeof data === "object") {
      if (topic.endsWith("_reply") && data.id !== undefined) {
        // The answer to otaFirmwareGet carries the package: that is the application's, and too much
        // to be kept as the last reply.
        const isOffer = topic === topics.otaGetReply;
        this.port.exchange.settle(data, isOffer ? undefined : data.data);
        if (!isOffer) return;
      } else if (topic.startsWith(topics.rrpcRequest)) {
        if (this.acceptCall(data, topics.rrpcResponse + lastLevel(topic))) return;
      }
    }
    this.call(topic, data);
  }

  /** Whether an RRPC calls a service, which then hears of it; it is answered on `replyTopic`. */
  acceptCall(data: any, replyTopic: string): boolean {
    const service = this.syncCalls.accept(data, replyTopic);
    if (service) this.call(this.port.topics.service + service, data);
    return !!service;
  }

  private call(topic: string, data: any): void {
    const callback = this.port.callback;
    if (!callback) {
      logWarn("ali", "no callback for " + topic);
      return;
    }
    try {
      callback(topic, data);
    } catch (error) {
      this.callbackErrors++;
      logError("ali", "the callback failed on " + topic + ": " + describeError(error));
    }
  }
}
