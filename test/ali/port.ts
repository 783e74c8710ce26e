/**
 * The port of a device for the tests of services: what they send is noted, and the test says what the
 * platform answers.
 * @module
 */
import "../device-globals.ts";
import type { AliIot } from "../../src/ali/aliiot.ts";
import type { Port } from "../../src/ali/port.ts";
import type { Service } from "../../src/ali/service.ts";
import { topicsOf } from "../../src/ali/topics.ts";

export const sys = "/sys/a1Test/dev_1/";

/** A reply that a service gave, or a message that it published. */
export interface Sent {
  topic: string;
  id?: unknown;
  code?: number;
  data?: unknown;
  message?: string;
  payload?: string;
  qos: 0 | 1;
}

export class FakeDevice {
  readonly sent: Sent[] = [];
  readonly subscribed: string[] = [];
  /** Reports of properties. */
  readonly reports: unknown[] = [];
  readonly calls: { path: string; params: unknown }[] = [];
  readonly services: Service[] = [];
  /** Code of the platform's answer to a call. */
  replyCode = 200;
  replyData: unknown = {};
  readonly port: Pick<Port, "topics" | "attach" | "subscribe" | "call" | "callback">;
  readonly server: AliIot;

  constructor() {
    const exchange = {
      answer: (
        topic: string,
        id: unknown,
        code: number,
        data: unknown,
        message: string,
        qos: 0 | 1 = 1,
      ) => {
        // As the exchange does: what can't be written as JSON throws.
        JSON.stringify(data);
        this.sent.push({ topic, id, code, data, message, qos });
        return Promise.resolve(true);
      },
      publish: (topic: string, payload: string, qos: 0 | 1) => {
        this.sent.push({ topic, payload, qos });
        return Promise.resolve(true);
      },
    };
    this.port = {
      topics: topicsOf({ productKey: "a1Test", deviceName: "dev_1" } as never),
      exchange,
      callback: undefined,
      attach: (service: Service) => this.services.push(service),
      subscribe: (filter: string) => this.subscribed.push(filter),
      call: (path: string, params: unknown) => {
        this.calls.push({ path, params });
        return Promise.resolve({ id: "", code: this.replyCode, message: "", data: this.replyData });
      },
    } as never;
    this.server = {
      port: this.port,
      status: false,
      addService: (name: string) => this.subscribed.push(`${sys}thing/service/${name}`),
      propertiesReport: (data: unknown) => {
        this.reports.push(data);
        return Promise.resolve(true);
      },
    } as never;
  }

  /** A message of the platform; whether a service took it. */
  receive(topic: string, payload: unknown): boolean {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    return this.services.some((service) => service.accept(topic, text));
  }

  /** The one message sent since the last look. */
  one(): Sent {
    const [sent, ...more] = this.sent.splice(0);
    if (!sent || more.length > 0) throw new Error(`${1 + more.length} messages, expected one`);
    return sent;
  }
}
