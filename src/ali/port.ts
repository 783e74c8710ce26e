/**
 * What a service needs of its device, as `AliIot.port`; not for applications.
 * @module
 */
import type { MqttClient } from "../mqtt/client.ts";
import type { Exchange } from "./exchange.ts";
import type { Inbox } from "./inbox.ts";
import type { LogOn } from "./log-on.ts";
import type { Reply } from "./replies.ts";
import type { Service } from "./service.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { Topics } from "./topics.ts";

/** Gets what the platform sends: `data` parsed when it is JSON, else the text. */
export type Callback = (topic: string, data: any) => void;

export class Port {
  /** The application's, for what no service takes. */
  callback: Callback | undefined;
  /** What came by another way may be handed to it. */
  inbox!: Inbox;
  readonly logOn: LogOn;
  readonly client: MqttClient;
  readonly topics: Topics;
  readonly exchange: Exchange;
  private readonly subscriptions: Subscriptions;
  /** In the order in which they came. */
  readonly services: Service[] = [];

  constructor(
    logOn: LogOn,
    client: MqttClient,
    topics: Topics,
    exchange: Exchange,
    subscriptions: Subscriptions,
  ) {
    this.logOn = logOn;
    this.client = client;
    this.topics = topics;
    this.exchange = exchange;
    this.subscriptions = subscriptions;
  }

  /** Messages go to the services first, in the order in which they came, then to everybody else. */
  attach(service: Service): void {
    this.services.push(service);
  }

  /** Subscribes now or at the next log-on, and again after each one. */
  subscribe(filter: string): void {
    this.subscriptions.add(filter);
  }

  /**
   * Sends a request to `path` below `/sys/{productKey}/{deviceName}/`, its method being the path with
   * dots; the platform's reply, or why there is none (`Reply.code` below 100). The service has
   * subscribed to the path with `_reply`.
   */
  call(path: string, params: any): Promise<Reply> {
    return this.exchange.call(this.topics.sys, path, params);
  }

  online(): void {
    for (const service of this.services) if (service.online) service.online();
  }

  offline(): void {
    for (const service of this.services) if (service.offline) service.offline();
  }
}
