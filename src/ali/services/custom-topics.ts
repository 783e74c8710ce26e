/**
 * Topics of the product's own, `/{productKey}/{deviceName}/user/…`, and broadcasts,
 * `/broadcast/{productKey}/…` ("Custom topics", "Broadcast").
 * @module
 */
import { describeError, logError, logWarn } from "../../debug/log.ts";
import { BAD_TOPIC } from "../../mqtt/error.ts";
import { toBytes } from "../../text/utf8.ts";
import type { AliIot } from "../aliiot.ts";
import { SUBSCRIPTION_REFUSED } from "../codes.ts";
import { decode, encode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";

/** The platform's limits: bytes and slashes of a topic. */
const LONGEST = 128;
const MOST_SLASHES = 7;
/** Subscriptions; the platform gives a device 100 in all. */
const MOST = 50;
/** SUBACK's code of a refused filter (MQTT 3.1.1, 3.9.3). */
const REFUSED = 128;

/** Gets a message: JSON parsed, else the text; and the topic on which it came. */
export type TopicListener = (data: any, topic: string) => void;

interface Entry {
  filter: string;
  listener: TopicListener;
  /** Until the platform has answered. */
  done: ((code: number) => void) | undefined;
}

/**
 * Publishes and subscribes to custom topics. A topic is given in full, or as what follows the device's
 * names: `user/update`. What can't work is refused here, with a line in the log that says why; for a
 * topic class that the product lacks, or one for the other direction, the platform refuses the
 * subscription (code 30) and drops what is published without a word (its log says "No authorization").
 * @public
 */
export class CustomTopics implements Service {
  private readonly port: Port;
  private readonly entries: Entry[] = [];

  constructor(server: AliIot<any>) {
    this.port = server.port;
    this.port.attach(this);
  }

  /**
   * Subscribes, now or at the next log-on, and again after each one. Resolves once the platform has
   * answered: 0; 30, it refuses; 18, the topic can't work. `+` and `#` stand for levels where the classes that they
   * cover are for subscribing. Another listener for the same topic takes its place.
   */
  subscribe(topic: string, listener: TopicListener): Promise<number> {
    const filter = this.full(topic);
    const fault = this.fault(filter, true) || (this.entries.length < MOST ? "" : "is one too many");
    if (fault) {
      logWarn("topics", filter + " " + fault);
      return Promise.resolve(BAD_TOPIC);
    }
    const old = this.find(filter);
    if (old >= 0) this.entries.splice(old, 1);
    const entry: Entry = { filter: filter, listener: listener, done: undefined };
    this.entries.push(entry);
    const result = new Promise<number>((resolve) => {
      entry.done = resolve;
    });
    if (this.port.client.isOnline) this.ask(entry);
    return result;
  }

  /** Ends a subscription: true when the platform has taken it, false when there is none or no connection. */
  unsubscribe(topic: string): Promise<boolean> {
    const filter = this.full(topic);
    const at = this.find(filter);
    if (at < 0) return Promise.resolve(false);
    this.entries.splice(at, 1);
    return new Promise((resolve) => {
      this.port.client.unsubscribe([filter], (error) => resolve(!error));
    });
  }

  /**
   * Publishes an object (sent as JSON) or a text: true when it was delivered (QoS 1, the default) or
   * sent (QoS 0), which does not tell whether the device may publish there.
   */
  publish(topic: string, data: any, qos: 0 | 1 = 1): Promise<boolean> {
    const full = this.full(topic);
    const fault = this.fault(full, false);
    if (fault) {
      logWarn("topics", full + " " + fault);
      return Promise.resolve(false);
    }
    return this.port.exchange.publish(toBytes(full), encode(data), qos);
  }

  accept(topic: string, payload: string): boolean {
    for (const entry of this.entries) {
      if (matches(entry.filter, topic)) {
        try {
          entry.listener(decode(payload), topic);
        } catch (error) {
          logError("topics", "the listener failed on " + topic + ": " + describeError(error));
        }
        return true;
      }
    }
    return false;
  }

  online(): void {
    this.askFrom(0);
  }

  /** One after the other: only so many may be under way. */
  private askFrom(at: number): void {
    if (at < this.entries.length) this.ask(this.entries[at], () => this.askFrom(at + 1));
  }

  private ask(entry: Entry, next?: () => void): void {
    this.port.client.subscribe([entry.filter], 1, (error, granted) => {
      // With the connection gone, the next log-on asks again.
      if (error) return;
      const refused = granted[0] === REFUSED;
      if (refused) {
        logWarn(
          "topics",
          "the platform refuses " + entry.filter + ": has it a class to subscribe to?",
        );
      }
      const done = entry.done;
      entry.done = undefined;
      if (done) done(refused ? SUBSCRIPTION_REFUSED : 0);
      if (next) next();
    });
  }

  private find(filter: string): number {
    for (let i = 0; i < this.entries.length; i++) if (this.entries[i].filter === filter) return i;
    return -1;
  }

  /** `/{productKey}/{deviceName}/` and what follows. */
  private full(topic: string): string {
    return topic.charAt(0) === "/" ? topic : this.port.topics.sys.substr(4) + topic;
  }

  /** Why a topic can't work; empty: it can. */
  private fault(topic: string, isFilter: boolean): string {
    if (toBytes(topic).length > LONGEST) return "is longer than " + LONGEST + " bytes";
    const own = this.port.topics.sys.substr(4);
    const levels = topic.split("/");
    if (levels.length - 1 > MOST_SLASHES) return "has more than " + MOST_SLASHES + " slashes";
    let at = 4;
    if (!topic.startsWith(own + "user/")) {
      const all = "/broadcast/" + levels[2] + "/";
      if (levels[1] !== "broadcast" || !own.startsWith(all.substr(10))) {
        return "is not below " + own + "user/" + (isFilter ? " or /broadcast/" : "");
      }
      if (!isFilter) return "is the platform's to publish on";
      at = 3;
    }
    for (let i = at; i < levels.length; i++) {
      const level = levels[i];
      if (/^[A-Za-z0-9_]+$/.test(level)) continue;
      const wild = level === "+" || (level === "#" && i === levels.length - 1);
      if (!isFilter || !wild) return 'has a level "' + level + '": letters, digits and _ expected';
    }
    return "";
  }
}

/** Whether a filter covers a topic. */
function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  if (filter.indexOf("+") < 0 && filter.indexOf("#") < 0) return false;
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === "#") return true;
    if (wanted[i] !== "+" && wanted[i] !== levels[i]) return false;
  }
  return wanted.length === levels.length;
}
