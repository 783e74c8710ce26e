/**
 * What a device subscribes to, again after each log-on.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import type { MqttClient } from "../mqtt/client.ts";
import type { MqttError } from "../mqtt/error.ts";
import {
  OTA_GET_REPLY,
  otaTopic,
  PROPERTY_SET,
  RRPC_REQUEST,
  SERVICE,
  type Topics,
} from "./topics.ts";

/** Filters in one SUBSCRIBE: about 700 bytes. */
const BATCH = 8;
/** SUBACK's code of a refused filter (MQTT 3.1.1, 3.9.3). */
const REFUSED = 128;

/** Gets the connection's error, or the first refused filter ("" when all were granted). */
type Done = (error: MqttError | null, refused: string) => void;

/** The replies to posts of an event; `property` is that of the properties. */
function eventReply(event: string): string {
  return "thing/event/" + event + "/post_reply";
}

export class Subscriptions {
  private readonly client: MqttClient;
  private readonly sys: string;
  /** Below `sys`, or whole ones, which begin with `/`. */
  private readonly filters: string[];

  constructor(client: MqttClient, topics: Topics) {
    this.client = client;
    this.sys = topics.sys;
    this.filters = [
      eventReply("property"),
      PROPERTY_SET,
      RRPC_REQUEST + "+",
      otaTopic(topics.sys, "upgrade"),
      OTA_GET_REPLY,
    ];
  }

  addEvent(event: string): boolean {
    return this.addName("event", event, eventReply(event));
  }

  addService(service: string): boolean {
    return this.addName("service", service, SERVICE + service);
  }

  /** Subscribes to everything, a few filters at a time. */
  subscribeAll(done: Done): void {
    this.subscribeFrom(0, "", done);
  }

  private subscribeFrom(start: number, refused: string, done: Done): void {
    const batch = this.filters.slice(start, start + BATCH).map((filter) => this.whole(filter));
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

  private whole(filter: string): string {
    return filter.charAt(0) === "/" ? filter : this.sys + filter;
  }

  /** Adds a filter, whole or below `sys`, before or after the log-on; false for one that is there. */
  add(filter: string): boolean {
    const short = filter.startsWith(this.sys) ? filter.substr(this.sys.length) : filter;
    if (this.filters.includes(short)) return false;
    this.filters.push(short);
    if (this.client.isOnline) {
      this.client.subscribe([this.whole(short)], 1, (error, granted) => {
        if (!error && granted[0] === REFUSED) logWarn("ali", "subscription refused: " + filter);
      });
    }
    return true;
  }
}
