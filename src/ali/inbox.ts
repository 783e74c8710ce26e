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

const RRPC_REQUEST = "/rrpc/request/";
const RRPC_RESPONSE = "/rrpc/response/";

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
    const isReply = topic === replies.topic;
    if (isReply && replies.repeats(payload)) return;
    const port = this.port;
    if (port.services.length && this.servicesTake(topic, payload)) return;
    this.deliver(topic, decode(payload), port.callback);
    if (isReply) replies.learn(payload);
  }

  /** Whether a service takes a message. @rare */
  private servicesTake(topic: string, payload: string): boolean {
    for (const service of this.port.services) if (service.accept(topic, payload)) return true;
    return false;
  }

  /** Gives a message to the request that waits for it, or else to a callback; never throws. */
  deliver(topic: string, data: any, callback: Callback | undefined): void {
    if (topic.endsWith("_reply")) {
      if (this.takeReply(topic, data)) return;
    } else {
      const at = topic.indexOf(RRPC_REQUEST);
      if (at > 0 && data) {
        const replyTopic = topic.replace(RRPC_REQUEST, RRPC_RESPONSE);
        if (this.acceptCall(data, replyTopic, topic.substr(0, at + 1), callback)) return;
      }
    }
    this.tellApplication(topic, data, callback);
  }

  /** Gives a reply to its request; false when it is for the application as well. @rare */
  private takeReply(topic: string, data: any): boolean {
    if (!data || data.id === undefined) return false;
    // The answer to otaFirmwareGet carries the package: that is the application's, and too much to be
    // kept as the last reply.
    const isOffer = topic.endsWith(OTA_GET_REPLY);
    this.port.exchange.settle(data, isOffer ? undefined : data.data);
    return !isOffer;
  }

  /**
   * Whether an RRPC calls a service of the device with this `sys`; `callback` then hears of it. It is
   * answered on `replyTopic`.
   */
  acceptCall(data: any, replyTopic: string, sys: string, callback: Callback | undefined): boolean {
    const service = data && this.port.exchange.syncCalls.accept(data, replyTopic);
    if (service) this.tellApplication(sys + "thing/service/" + service, data, callback);
    return !!service;
  }

  private tellApplication(topic: string, data: any, callback: Callback | undefined): void {
    try {
      if (callback) callback(topic, data);
      else logWarn("ali", "no callback for " + topic);
    } catch (error) {
      this.callbackErrors++;
      logError("ali", "the callback failed on " + topic + ": " + describeError(error));
    }
  }
}
