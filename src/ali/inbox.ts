/**
 * What the platform sends: services see it first, replies go to the requests that wait for them,
 * everything else to the application's callback.
 * @module
 */
import { describeError, logDebug, logError, logsDebug, logWarn } from "../debug/log.ts";
import { decode } from "./payload.ts";
import type { Callback, Port } from "./port.ts";
import type { Replies } from "./replies.ts";
import { OTA_GET_REPLY } from "./topics.ts";

export class Inbox {
  callbackErrors = 0;

  private readonly replies: Replies;

  constructor(private readonly port: Port) {
    this.replies = port.exchange.replies;
  }

  /** Takes a message; never throws. */
  accept(topic: string, payload: string): void {
    if (logsDebug) logDebug("ali", "< " + topic);
    // What comes most: the reply to the last request, or to one as that.
    const replies = this.replies;
    if (topic === replies.topic && replies.repeats(payload)) return;
    const port = this.port;
    for (const service of port.services) if (service.accept(topic, payload)) return;
    this.deliver(topic, decode(payload), port.callback);
    if (topic === replies.topic) replies.learn(payload);
  }

  /** Gives a message to the request that waits for it, or else to a callback; never throws. */
  deliver(topic: string, data: any, callback: Callback | undefined): void {
    const exchange = this.port.exchange;
    if (data !== null && typeof data === "object") {
      if (topic.endsWith("_reply") && data.id !== undefined) {
        // The answer to otaFirmwareGet carries the package: that is the application's, and too much
        // to be kept as the last reply.
        const isOffer = topic.endsWith(OTA_GET_REPLY);
        exchange.settle(data, isOffer ? undefined : data.data);
        if (!isOffer) return;
      } else {
        const rrpc = topic.split("/rrpc/request/");
        if (rrpc.length > 1) {
          const replyTopic = rrpc.join("/rrpc/response/");
          if (this.acceptCall(data, replyTopic, rrpc[0] + "/", callback)) return;
        }
      }
    }
    this.tellApplication(topic, data, callback);
  }

  /**
   * Whether an RRPC calls a service, of this device unless `sys` names another one; `callback` then
   * hears of it. It is answered on `replyTopic`.
   */
  acceptCall(
    data: any,
    replyTopic: string,
    sys = this.port.topics.sys,
    callback = this.port.callback,
  ): boolean {
    const service = data && this.port.exchange.syncCalls.accept(data, replyTopic);
    if (service) this.tellApplication(sys + "thing/service/" + service, data, callback);
    return !!service;
  }

  private tellApplication(topic: string, data: any, callback: Callback | undefined): void {
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
