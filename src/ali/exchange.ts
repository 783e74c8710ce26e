/**
 * Alink messages over the MQTT client: requests that the platform answers, answers to the
 * platform, and reports that nobody answers. No promise rejects.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import type { MqttError } from "../mqtt/client.ts";
import type { Session } from "../mqtt/session.ts";
import { uptime } from "../system/clock.ts";
import { toJson } from "../text/json.ts";
import { Replies, type Reply } from "./replies.ts";
import { SyncCalls } from "./sync-calls.ts";
import { OTA_GET_REPLY } from "./topics.ts";

/** What settles the promise that was made last: a function for each would take longer. */
let settleLast: (result: any) => void;

function keepSettle(settle: (result: any) => void): void {
  settleLast = settle;
}

export class Exchange {
  readonly replies = new Replies();
  readonly syncCalls = new SyncCalls();
  private readonly session: Session;
  private readonly qos: 0 | 1;
  private readonly timeout: number;
  /** The last request's topic, and what stands in its text between id and parameters. */
  private topic = "";
  private middle = "";
  private nextId = Math.floor(Math.random() * 0x7fffffff);
  private timer = 0;

  /** `timeout`: how long a request waits for its reply, ms. */
  constructor(session: Session, qos: 0 | 1, timeout: number) {
    this.session = session;
    this.qos = qos;
    this.timeout = timeout / 1000;
  }

  /**
   * Sends a request to `path` below `sys` (`/sys/{productKey}/{deviceName}/`), its method being the
   * path with dots, and waits for the platform's reply: true on its code 200; with `whole` the reply,
   * or why there is none.
   */
  request(sys: string, path: string, params: any, whole?: boolean, once?: boolean): Promise<any> {
    const topic = sys + path;
    if (topic !== this.topic) this.use(topic, path);
    const id = this.newId();
    const result = new Promise<any>(keepSettle);
    const payload = '{"id":"' + id + this.middle + toJson(params) + "}";
    // At QoS 1 the client tells of a packet that is lost.
    const packet =
      once || !this.qos
        ? this.publishOnce(topic, payload, id)
        : this.session.publish(topic, payload, 1);
    this.replies.unanswered.push({
      id: id,
      done: settleLast,
      whole: whole,
      deadline: uptime() + this.timeout,
      packet: packet,
    });
    if (packet < 0) this.undelivered(packet, { code: -packet, message: "not sent" });
    if (!this.timer) this.arm();
    return result;
  }

  /** A request at QoS 0. @rare */
  private publishOnce(topic: string, payload: string, id: string): number {
    return this.session.enqueue(topic, payload, 0, (_delivered, error) => {
      if (error) this.undelivered(NaN, error, id);
    });
  }

  /** As `request`; the whole reply, or why there is none. */
  call(sys: string, path: string, params: any, once?: boolean): Promise<Reply> {
    return this.request(sys, path, params, true, once);
  }

  /** Prepares the next requests' text: most go where the one before went. @rare */
  private use(topic: string, path: string): void {
    this.topic = topic;
    const reply = topic + "_reply";
    this.replies.topic = reply.endsWith(OTA_GET_REPLY) ? "" : reply;
    const method = toJson(path.split("/").join("."));
    this.middle = '","version":"1.0","sys":{"ack":1},"method":' + method + ',"params":';
  }

  /** A message is given up before the platform has it: that of a packet or a request. */
  undelivered(packet: number, error: Pick<MqttError, "code" | "message">, id?: string): void {
    for (const request of this.replies.unanswered) {
      if (request.packet === packet || request.id === id) {
        this.replies.fail(request, error.code, error.message);
        return;
      }
    }
  }

  /** Takes a reply of the platform, as parsed; kept of it is `data`, which may be less than came. */
  settle(reply: any, data: any): void {
    this.replies.settle({
      id: "" + reply.id,
      code: reply.code,
      message: reply.message || "",
      data: data,
    });
  }

  /**
   * Answers a request of the platform; `id` is echoed as it came. A call that does not wait for long is
   * answered at QoS 0, for a late answer is of no use.
   */
  answer(
    topic: string,
    id: any,
    code: number,
    data: any,
    message: string,
    qos = this.qos,
  ): Promise<boolean> {
    const reply = { id: id, code: code, data: data, message: message, version: "1.0" };
    return this.publish(topic, toJson(reply), qos);
  }

  /** Asks, at QoS 0, for what comes on a topic of its own. */
  ask(topic: string, params: any): void {
    const request = { id: this.newId(), version: "1.0", params: params };
    this.session.enqueue(topic, toJson(request), 0);
  }

  /** Sends what the platform does not answer. */
  notify(topic: string, params: any): Promise<boolean> {
    return this.publish(topic, toJson({ id: this.newId(), params: params }), this.qos);
  }

  /** Publishes a byte string: true when it was delivered (QoS 1) or sent (QoS 0). */
  publish(topic: string, payload: string, qos: 0 | 1): Promise<boolean> {
    const result = new Promise<boolean>(keepSettle);
    const settle = settleLast;
    const session = this.session;
    const sent = qos
      ? session.publish(topic, payload, 1, settle)
      : session.enqueue(topic, payload, 0, settle);
    if (sent < 0) {
      logWarn("ali", "not sent to " + topic + ": error " + -sent);
      settle(false);
    }
    return result;
  }

  /** Ids count up from a random start: unique for the day, as the platform asks. */
  newId(): string {
    this.nextId = (this.nextId + 1) % 0x7fffffff;
    return "" + this.nextId;
  }

  /** One timer for all requests: they expire in the order in which they were sent. */
  private arm(): void {
    const deadline = this.replies.nextDeadline;
    this.timer =
      deadline < 0 ? 0 : setTimeout(expire, Math.max(0, deadline - uptime()) * 1000, this);
  }

  /** The timer's call; it is not cleared when all is answered, for the next request wants one. */
  expire(): void {
    this.replies.expire(uptime());
    this.arm();
  }
}

function expire(exchange: Exchange): void {
  exchange.expire();
}
