/**
 * What a device subscribes to, again after each log-on.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import type { MqttClient } from "../mqtt/client.ts";
import type { MqttError } from "../mqtt/error.ts";
import type { Topics } from "./topics.ts";

/** Filters in one SUBSCRIBE: about 700 bytes. */
const BATCH = 8;
/** SUBACK's code of a refused filter (MQTT 3.1.1, 3.9.3). */
const REFUSED = 128;

/** Gets the connection's error, or the first refused filter ("" when all were granted). */
type Done = (error: MqttError | null, refused: string) => void;

/** The replies to posts of an event; `property` is that of the properties. */
function eventReply(topics: Topics, event: string): string {
  return topics.sys + "thing/event/" + event + "/post_reply";
}

export class Subscriptions {
  private readonly client: MqttClient;
  private readonly topics: Topics;
  private readonly filters: string[];

  constructor(client: MqttClient, topics: Topics) {
    this.client = client;
    this.topics = topics;
    this.filters = [
      eventReply(topics, "property"),
      topics.propertySet,
      topics.rrpcRequest + "+",
      topics.otaUpgrade,
      topics.otaGetReply,
    ];
  }

  addEvent(event: string): boolean {
    return this.addName("event", event, eventReply(this.topics, event));
  }

  addService(service: string): boolean {
    return this.addName("service", service, this.topics.service + service);
  }

  /** Subscribes to everything, a few filters at a time. */
  subscribeAll(done: Done): void {
    this.subscribeFrom(0, "", done);
  }

  private subscribeFrom(start: number, refused: string, done: Done): void {
    const batch = this.filters.slice(start, start + BATCH);
    if (batch.length === 0) {
      done(null, refused);
      return;
    }
    this.client.subscribe(batch, 1, (error, granted) => {
      if (error) {
        done(error, refused);
        return;
      }
      const index = granted.indexOf(REFUSED);
      this.subscribeFrom(start + BATCH, refused || (index < 0 ? "" : batch[index]), done);
    });
  }

  /** False for a bad name or one that is there. */
  private addName(kind: string, name: string, filter: string): boolean {
    if (typeof name === "string" && /^[A-Za-z0-9_:]+$/.test(name)) return this.add(filter);
    logWarn("ali", kind + ' "' + name + '" refused: letters, digits, _ and : expected');
    return false;
  }

  /** Adds a filter, before or after the log-on; false for one that is there. */
  add(filter: string): boolean {
    if (this.filters.includes(filter)) return false;
    this.filters.push(filter);
    if (this.client.isOnline) {
      this.client.subscribe([filter], 1, (error, granted) => {
        if (!error && granted[0] === REFUSED) logWarn("ali", "subscription refused: " + filter);
      });
    }
    return true;
  }
}
