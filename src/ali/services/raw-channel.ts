/**
 * Raw data (pass-through) for products whose data format is custom: bytes that the platform's parse
 * script reads and writes. Up on `thing/model/up_raw`, its reply on `up_raw_reply`; down on
 * `thing/model/down_raw`, or for what has to be answered within 8 s as an RRPC.
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { textOf } from "../../link/connection.ts";
import { toBytes } from "../../text/utf8.ts";
import type { AliIot } from "../aliiot.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import { lastLevel, RRPC_REQUEST, RRPC_RESPONSE } from "../topics.ts";
import { isPromise } from "./setting.ts";

const PATH = "thing/model/";

/** Takes bytes; returns those of the answer, or a promise of them, or undefined: no answer. */
export type RawHandler = (bytes: string) => string | void | Promise<string> | Promise<void>;

/**
 * The device's raw data, as byte strings.
 * @public
 */
export class RawChannel implements Service {
  private readonly port: Port;
  private downHandler: RawHandler | undefined;
  private replyListener: ((bytes: string) => void) | undefined;

  constructor(server: AliIot<any>) {
    this.port = server.port;
    this.port.attach(this);
    this.port.subscribe(this.port.topics.sys + PATH + "up_raw_reply");
    this.port.subscribe(this.port.topics.sys + PATH + "down_raw");
  }

  /**
   * Sends bytes up: true when they have reached the platform. What its script makes of them it tells
   * `onReply`; nothing, when the script fails or there is none.
   */
  up(bytes: string): Promise<boolean> {
    return this.port.exchange.publish(this.port.topics.sys + PATH + "up_raw", toBytes(bytes), 1);
  }

  /** Sets the listener for the platform's replies; which report one belongs to, its bytes tell. */
  onReply(listener: (bytes: string) => void): void {
    this.replyListener = listener;
  }

  /** Sets what answers the platform's commands, property sets and services alike. */
  onDown(handler: RawHandler): void {
    this.downHandler = handler;
  }

  accept(topic: string, payload: string): boolean {
    const topics = this.port.topics;
    const down = topics.sys + PATH + "down_raw";
    if (topic === topics.sys + PATH + "up_raw_reply") {
      if (this.replyListener) this.guard(this.replyListener, payload, "");
      return true;
    }
    if (topic.startsWith(topics.sys + RRPC_REQUEST)) {
      if (!this.downHandler) return false;
      this.guard(this.downHandler, payload, topics.sys + RRPC_RESPONSE + lastLevel(topic));
      return true;
    }
    const at = topic.indexOf(down);
    if (at < 0 || !topic.endsWith("/down_raw")) return false;
    // Behind `/ext/rrpc/ID`, the answer goes where the call came from.
    const answerTopic = at ? topic : topic + "_reply";
    if (this.downHandler) this.guard(this.downHandler, payload, answerTopic);
    else logWarn("ali", "raw data came, but onDown has no handler");
    return true;
  }

  private guard(handler: (bytes: string) => any, payload: string, answerTopic: string): void {
    try {
      const result = handler(payload);
      if (isPromise(result)) {
        result.then(
          (bytes: any) => this.answer(answerTopic, bytes),
          (error: any) => fail(error),
        );
      } else this.answer(answerTopic, result);
    } catch (error) {
      fail(error);
    }
  }

  private answer(topic: string, bytes: any): void {
    if (!topic || bytes === undefined) return;
    this.port.exchange.publish(topic, toBytes(bytes), topic.endsWith("_reply") ? 1 : 0);
  }
}

function fail(error: any): void {
  logWarn("ali", "the handler of raw data failed: " + textOf(error));
}
