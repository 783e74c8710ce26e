/**
 * Hands what devices publish to the service that offers the topic, one message of a device after
 * the other, and sends the service's answer.
 * @module
 */
import type { Broker, Delivery } from "./broker/broker.ts";
import type { Message } from "./broker/message.ts";
import { matches } from "./broker/topic.ts";
import { type DeviceId, deviceKey } from "./device-id.ts";
import { parseReply } from "./thing/alink.ts";
import type { Trace } from "./trace.ts";

/** A message from a device. */
export interface UpMessage extends Message {
  device: DeviceId;
  /** Milliseconds since 1970 when it arrived. */
  at: number;
}

/** What a service made of a message. */
export interface Outcome {
  /** Alink code of the verdict. */
  code?: number;
  /** For the trace. */
  note?: string;
  /** Sent with the QoS of the message that it answers. */
  reply?: { topic: string; payload: Buffer };
  /** What follows from the message, done when it has been traced and answered. */
  after?: () => Promise<void>;
}

export type Handler = (message: UpMessage) => Outcome | Promise<Outcome>;

export class Router {
  readonly #broker: Broker;
  readonly #trace: Trace;
  readonly #routes: { filter: string; handler: Handler }[] = [];
  /** The end of each device's queue. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(broker: Broker, trace: Trace) {
    this.#broker = broker;
    this.#trace = trace;
    broker.on("publish", (device, message, note) => {
      this.#enqueue({ ...message, device, at: Date.now() }, note);
    });
  }

  /**
   * Offers topics; the first route that matches counts.
   * @param filter an MQTT filter in which `{own}` stands for `{productKey}/{deviceName}`.
   */
  route(filter: string, handler: Handler): void {
    this.#routes.push({ filter, handler });
  }

  /** Sends to a device and traces it. */
  async send(device: DeviceId, message: Message, note?: string): Promise<Delivery> {
    const delivery = await this.#broker.send(device, message);
    const code = parseReply(message.payload)?.code;
    const remarks = [note, delivery === "sent" ? undefined : delivery].filter(Boolean).join("; ");
    this.#trace.emit("message", {
      at: Date.now(),
      device,
      direction: "down",
      ...message,
      ...(code === undefined || Number.isNaN(code) ? {} : { code }),
      ...(remarks === "" ? {} : { note: remarks }),
    });
    return delivery;
  }

  /** Waits until everything received so far has been handled. */
  async settle(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  #enqueue(message: UpMessage, note: string | undefined): void {
    const key = deviceKey(message.device);
    const before = this.#queues.get(key) ?? Promise.resolve();
    const after = before.then(() => this.#handle(message, note));
    this.#queues.set(key, after);
    void after.then(() => {
      if (this.#queues.get(key) === after) this.#queues.delete(key);
    });
  }

  /** What the service that offers the topic makes of a message; nothing is traced or sent. */
  async dispatch(message: UpMessage): Promise<Outcome> {
    const own = `${message.device.productKey}/${message.device.deviceName}`;
    const route = this.#routes.find(({ filter }) =>
      matches(filter.replace("{own}", own), message.topic),
    );
    return route ? route.handler(message) : {};
  }

  async #handle(message: UpMessage, note: string | undefined): Promise<void> {
    const { device, topic, payload, qos, at } = message;
    let outcome: Outcome;
    try {
      outcome = await this.dispatch(message);
    } catch (error) {
      outcome = { code: 500, note: `platform failed: ${String(error)}` };
    }
    const remarks = [note, outcome.note].filter(Boolean).join("; ");
    this.#trace.emit("message", {
      at,
      device,
      direction: "up",
      topic,
      payload,
      qos,
      ...(outcome.code === undefined ? {} : { code: outcome.code }),
      ...(remarks === "" ? {} : { note: remarks }),
    });
    if (outcome.reply) await this.send(device, { ...outcome.reply, qos });
    try {
      await outcome.after?.();
    } catch (error) {
      process.emitWarning(`platform failed after ${topic}: ${String(error)}`);
    }
  }
}
