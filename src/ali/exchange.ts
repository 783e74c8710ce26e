/**
 * Alink messages over the MQTT client: requests that the platform answers, answers to the
 * platform, and reports that nobody answers. No promise rejects.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import type { MqttClient } from "../mqtt/client.ts";
import { uptime } from "../system/clock.ts";
import { toJson } from "../text/json.ts";
import { Replies, type Reply } from "./replies.ts";
import { SyncCalls } from "./sync-calls.ts";

function reply(id: any, code: number, data: any, message: string): string {
  return toJson({ id: id, code: code, data: data, message: message, version: "1.0" });
}

export class Exchange {
  readonly replies = new Replies();
  readonly syncCalls = new SyncCalls();
  /** Reports of properties and events. */
  reports = 0;
  private readonly client: MqttClient;
  private readonly qos: 0 | 1;
  private readonly timeout: number;
  private nextId = Math.floor(Math.random() * 0x7fffffff);
  private timer = 0;

  /** `timeout`: how long a request waits for its reply, ms. */
  constructor(client: MqttClient, qos: 0 | 1, timeout: number) {
    this.client = client;
    this.qos = qos;
    this.timeout = timeout;
  }

  /**
   * Sends a request to `path` below `sys` (`/sys/{productKey}/{deviceName}/`), its method being the
   * path with dots, and waits for the platform's reply: true on its code 200.
   */
  request(sys: string, path: string, params: any): Promise<boolean> {
    return this.send(sys, path, params, this.qos, false);
  }

  /** As `request`; the whole reply, or why there is none. */
  call(sys: string, path: string, params: any, qos = this.qos): Promise<Reply> {
    return this.send(sys, path, params, qos, true);
  }

  private send(sys: string, path: string, params: any, qos: 0 | 1, whole: boolean): Promise<any> {
    const id = this.newId();
    let resolve!: (result: any) => void;
    const result = new Promise<any>((settle) => {
      resolve = settle;
    });
    const payload = toJson({
      id: id,
      version: "1.0",
      sys: { ack: 1 },
      params: params,
      method: path.replace(/\//g, "."),
    });
    this.replies.add(id, uptime() * 1000 + this.timeout, whole, resolve);
    const sent = this.client.publish(sys + path, payload, qos, (error) => {
      if (error) this.replies.fail(id, error.code, error.message);
    });
    if (sent < 0) this.replies.fail(id, -sent, "not sent");
    this.arm();
    return result;
  }

  /** Takes a reply of the platform, as parsed; kept of it is `data`, which may be less than came. */
  settle(reply: any, data: any): void {
    this.replies.settle({
      id: "" + reply.id,
      code: reply.code,
      message: reply.message || "",
      data: data,
    });
    this.arm();
  }

  /** Answers a request of the platform; `id` is echoed as it came. */
  answer(topic: string, id: any, code: number, data: any, message: string): Promise<boolean> {
    return this.publish(topic, reply(id, code, data, message), this.qos);
  }

  /** Answers a call that does not wait for long: at QoS 0, for a late answer is of no use. */
  answerCall(topic: string, id: any, code: number, data: any, message: string): Promise<boolean> {
    return this.publish(topic, reply(id, code, data, message), 0);
  }

  /** Asks, at QoS 0, for what comes on a topic of its own. */
  ask(topic: string, params: any): void {
    this.client.publish(topic, toJson({ id: this.newId(), version: "1.0", params: params }), 0);
  }

  /** Sends what the platform does not answer. */
  notify(topic: string, params: any): Promise<boolean> {
    return this.publish(topic, toJson({ id: this.newId(), params: params }), this.qos);
  }

  /** Publishes a byte string: true when it was delivered (QoS 1) or sent (QoS 0). */
  publish(topic: string, payload: string, qos: 0 | 1): Promise<boolean> {
    let resolve!: (success: boolean) => void;
    const result = new Promise<boolean>((settle) => {
      resolve = settle;
    });
    const sent = this.client.publish(topic, payload, qos, (error) => resolve(!error));
    if (sent < 0) {
      logWarn("ali", "not sent to " + topic + ": error " + -sent);
      resolve(false);
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
    const deadline = this.replies.deadline;
    if (deadline < 0) {
      if (this.timer) clearTimeout(this.timer);
      this.timer = 0;
      return;
    }
    if (this.timer) return;
    const wait = Math.max(1, deadline - uptime() * 1000);
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.replies.expire(uptime() * 1000);
      this.arm();
    }, wait);
  }
}
