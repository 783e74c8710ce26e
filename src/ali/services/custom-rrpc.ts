/**
 * RRPC on topics of one's own ("Call RRPC by using custom topics"): with `ext=1` in the client id the
 * platform calls on `/ext/rrpc/{id}/{topic}`, and is answered on the same topic within 1 to 8 s. From
 * then on synchronous services come that way, too; the callback and `serviceResponse` of `AliIot` deal
 * with them as before.
 * @module
 */
import { describeError, logError } from "../../debug/log.ts";
import type { AliIot } from "../aliiot.ts";
import { decode, encode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import { SERVICE } from "../topics.ts";

const PREFIX = "/ext/rrpc/";
/** The platform gives up after 8 s at the latest: more calls than this are never open. */
const OPEN = 8;

/** Gets a call: JSON parsed, else the text; and the id to answer it with. */
export type RrpcListener = (data: any, id: string) => void;

/**
 * Takes RRPC calls on custom topics. To be made before `connect()`.
 * @public
 */
export class CustomRrpc implements Service {
  private readonly port: Port;
  private readonly listeners: { topic: string; listener: RrpcListener }[] = [];
  private open: { id: string; topic: string }[] = [];

  constructor(server: AliIot<any>) {
    const port = server.port;
    this.port = port;
    if (port.logOn.parameters.indexOf(",ext=") < 0) port.logOn.parameters += ",ext=1";
    port.subscribe(PREFIX + "#");
    port.attach(this);
  }

  /**
   * Sets who hears of calls on a topic, which is the device's own, such as
   * `/{productKey}/{deviceName}/user/get`, or what follows the names: `user/get`. Calls on other topics
   * come to the callback of `AliIot`, on the topic as it came.
   */
  listen(topic: string, listener: RrpcListener): void {
    const full = topic.charAt(0) === "/" ? topic : this.port.topics.sys.substr(4) + topic;
    for (const entry of this.listeners) {
      if (entry.topic === full) {
        entry.listener = listener;
        return;
      }
    }
    this.listeners.push({ topic: full, listener: listener });
  }

  /**
   * Answers a call with an object (sent as JSON) or a text; true when the answer has left, false when
   * there is no such call, or no connection.
   */
  respond(id: string, data: any): Promise<boolean> {
    for (let i = 0; i < this.open.length; i++) {
      if (this.open[i].id === id) {
        const topic = this.open.splice(i, 1)[0].topic;
        return this.port.exchange.publish(topic, encode(data), 0);
      }
    }
    return Promise.resolve(false);
  }

  accept(topic: string, payload: string): boolean {
    if (!topic.startsWith(PREFIX)) return false;
    const slash = topic.indexOf("/", PREFIX.length);
    if (slash < 0) return false;
    const id = topic.substr(PREFIX.length, slash - PREFIX.length);
    // One slash or two: documents and SDKs differ.
    const own = topic.substr(topic.charAt(slash + 1) === "/" ? slash + 1 : slash);
    const port = this.port;
    if (own.startsWith(port.topics.sys + SERVICE)) {
      // Without a callback, it is for those who handle services.
      const callback = port.callback;
      return !!callback && port.inbox.acceptCall(decode(payload), topic, port.topics.sys, callback);
    }
    this.open.push({ id: id, topic: topic });
    if (this.open.length > OPEN) this.open.shift();
    for (const entry of this.listeners) {
      if (entry.topic === own) {
        try {
          entry.listener(decode(payload), id);
        } catch (error) {
          logError("rrpc", "the listener failed on " + own + ": " + describeError(error));
        }
        return true;
      }
    }
    return false;
  }

  offline(): void {
    this.open = [];
  }
}
