/**
 * Hands what devices publish to the service that offers the topic, one message of a device after
 * the other, and sends the service's answer.
 * @module
 */
import type { Broker, Delivery } from "./broker/broker.ts";
import type { Message } from "./broker/message.ts";
import { TopicTable } from "./broker/topic-table.ts";
import { type DeviceId, deviceKey } from "./device-id.ts";
import { parseReply } from "./thing/alink.ts";
import type { Trace, TraceMessage } from "./trace.ts";

/** A message from a device. */
export interface UpMessage extends Message {
  device: DeviceId;
  /** Milliseconds since 1970 when it arrived. */
  at: number;
}

/** A message, what the broker has remarked, and what is to be called when it has been handled. */
interface Received {
  message: UpMessage;
  note: string | undefined;
  taken: () => void;
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
  /** By what precedes the device's name in a topic; `""`: of topics that don't begin with one. */
  readonly #routes = new Map<string, TopicTable<Handler>>();
  /** Of each device whose messages are being handled: those that wait, and when all are done. */
  readonly #queues = new Map<string, { waiting: Received[]; done: Promise<void> }>();

  constructor(broker: Broker, trace: Trace) {
    this.#broker = broker;
    this.#trace = trace;
    broker.on("publish", (device, { topic, payload, qos }, note, taken) => {
      this.#enqueue({ message: { topic, payload, qos, device, at: Date.now() }, note, taken });
    });
  }

  /**
   * Offers topics; the first route that matches counts.
   * @param filter an MQTT filter in which `{own}` stands for `{productKey}/{deviceName}`.
   */
  route(filter: string, handler: Handler): void {
    const [before, after] = filter.split("{own}") as [string, string | undefined];
    const prefix = after === undefined ? "" : before;
    const routes = this.#routes.get(prefix) ?? new TopicTable<Handler>();
    this.#routes.set(prefix, routes);
    routes.add(after ?? filter, handler);
  }

  /** Sends to a device and traces it. */
  async send(device: DeviceId, message: Message, note?: string): Promise<Delivery> {
    const delivery = await this.#broker.send(device, message);
    if (this.#trace.listenerCount("message") === 0) return delivery;
    const code = parseReply(message.payload)?.code;
    const remarks = join(note, delivery === "sent" ? undefined : delivery);
    this.#traced(
      device,
      "down",
      Date.now(),
      message,
      Number.isNaN(code) ? undefined : code,
      remarks,
    );
    return delivery;
  }

  /** Waits until everything received so far has been handled. */
  async settle(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(({ done }) => done));
  }

  #enqueue(received: Received): void {
    const key = deviceKey(received.message.device);
    const queue = this.#queues.get(key);
    if (queue) {
      queue.waiting.push(received);
      return;
    }
    const waiting: Received[] = [];
    const done = this.#drain(key, received, waiting);
    this.#queues.set(key, { waiting, done });
  }

  async #drain(key: string, first: Received, waiting: Received[]): Promise<void> {
    for (let next: Received | undefined = first; next; next = waiting.shift()) {
      await this.#handle(next);
    }
    this.#queues.delete(key);
  }

  /** What the service that offers the topic makes of a message; nothing is traced or sent. */
  dispatch(message: UpMessage): Outcome | Promise<Outcome> {
    const { topic, device } = message;
    const own = `${device.productKey}/${device.deviceName}`;
    for (const [prefix, routes] of this.#routes) {
      const isOwn = topic.startsWith(prefix) && topic.startsWith(own, prefix.length);
      if (prefix !== "" && !isOwn) continue;
      const handler = routes.get(prefix === "" ? topic : topic.slice(prefix.length + own.length));
      if (handler) return handler(message);
    }
    return {};
  }

  async #handle({ message, note, taken }: Received): Promise<void> {
    const { device, topic, qos, at } = message;
    let outcome: Outcome;
    try {
      outcome = await this.dispatch(message);
    } catch (error) {
      outcome = { code: 500, note: `platform failed: ${String(error)}` };
    }
    this.#traced(device, "up", at, message, outcome.code, join(note, outcome.note));
    taken();
    if (outcome.reply) {
      const { topic, payload } = outcome.reply;
      await this.send(device, { topic, payload, qos });
    }
    try {
      await outcome.after?.();
    } catch (error) {
      process.emitWarning(`platform failed after ${topic}: ${String(error)}`);
    }
  }

  #traced(
    device: DeviceId,
    direction: "up" | "down",
    at: number,
    { topic, payload, qos }: Message,
    code: number | undefined,
    note: string | undefined,
  ): void {
    const traced: TraceMessage = { at, device, direction, topic, payload, qos };
    if (code !== undefined) traced.code = code;
    if (note !== undefined) traced.note = note;
    this.#trace.emit("message", traced);
  }
}

/** Remarks in one line, if there are any. */
function join(one: string | undefined, other: string | undefined): string | undefined {
  return one && other ? `${one}; ${other}` : one || other || undefined;
}
