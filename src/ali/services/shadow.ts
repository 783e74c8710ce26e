/**
 * The device's shadow: a document on the platform with what the device reported and what is desired
 * of it, also while it is away ("Device shadow", `/shadow/…`).
 * @module
 */
import { describeError, logError } from "../../debug/log.ts";
import { OFFLINE, OUTBOX_FULL } from "../../mqtt/error.ts";
import { toJson } from "../../text/json.ts";
import type { AliIot } from "../aliiot.ts";
import { REPLY_TIMEOUT } from "../codes.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";

/** For the platform's answer, ms. */
const PATIENCE = 15000;
/** Requests that wait, the one in flight among them. */
const MOST_WAITING = 8;
const CONFLICT = 409;

/** Attributes by name; a list counts as one value. */
export interface ShadowState {
  [attribute: string]: any;
}

/** What came of a request. */
export interface ShadowReply {
  /**
   * 200: done. 400 not JSON, 401 no method, 402 no state, 403 the version is no number, 404 nothing
   * reported, 405 an empty report, 406 an unknown method, 407 an empty message, 408 too many
   * attributes, 409 the version is not newer, 500 the platform failed. Below 100: no answer
   * (`ali/codes`, `mqtt/error`; 17 also when 8 requests wait already).
   */
  code: number;
  /** The platform's words for a failure. */
  message: string;
  /** Of `get()` alone. */
  reported?: ShadowState;
  desired?: ShadowState;
}

/** Hears what is desired of the device, and the shadow's version. */
export type DesiredListener = (desired: ShadowState, version: number) => void;

interface Request {
  method: string;
  /** Undefined: `get`. */
  state: object | undefined;
  again: boolean;
  done: (reply: ShadowReply) => void;
}

/**
 * Reports to the shadow and reads it. Requests go out one after the other; each has the shadow's
 * next version, and one whose version is outdated (409) is sent once more with a newer one.
 * @public
 */
export class Shadow implements Service {
  /** The shadow's version, as last heard; 0: not yet. */
  version = 0;
  private readonly port: Port;
  private readonly device: string;
  private readonly waiting: Request[] = [];
  private listener: DesiredListener | undefined;
  /** Of the request in flight. */
  private timer = 0;
  private isOnline = false;

  constructor(server: AliIot<any>) {
    this.port = server.port;
    const topics = this.port.topics;
    this.device = topics.productKey + "/" + topics.deviceName;
    this.port.attach(this);
    this.port.subscribe("/shadow/get/" + this.device);
  }

  /**
   * Hears of what is desired: when it changes, and at each log-on what has been left undone. Undone
   * is what stands there until `clearDesired`.
   */
  onDesired(listener: DesiredListener): void {
    this.listener = listener;
    if (this.isOnline) this.readDesired();
  }

  /** Reports attributes; others stay. */
  update(reported: ShadowState): Promise<ShadowReply> {
    return this.ask("update", { reported: reported });
  }

  /** Reads the shadow. */
  get(): Promise<ShadowReply> {
    return this.ask("get", undefined);
  }

  /** Says that what was desired is done; with a report of what the device is like now, if given. */
  clearDesired(reported?: ShadowState): Promise<ShadowReply> {
    return this.ask("update", { desired: "null", reported: reported });
  }

  /** Removes reported attributes by their names; without names, all. */
  remove(names?: string[]): Promise<ShadowReply> {
    let reported: any = "null";
    if (names) {
      reported = {};
      for (const name of names) reported[name] = "null";
    }
    return this.ask("delete", { reported: reported });
  }

  /** @internal */
  accept(topic: string, payload: string): boolean {
    if (topic !== "/shadow/get/" + this.device) return false;
    const message = decode(payload);
    const content = message && message.payload;
    if (!content) return true;
    if (message.version !== undefined) this.version = message.version;
    const state = content.state || {};
    if (message.method === "control") this.tell(state.desired);
    else if (this.timer) this.answered(content, state);
    return true;
  }

  /** @internal */
  online(): void {
    this.isOnline = true;
    if (this.listener) this.readDesired();
  }

  /** @internal */
  offline(): void {
    this.isOnline = false;
    while (this.waiting.length) this.settle({ code: OFFLINE, message: "offline" });
  }

  /** @internal The timer's call. */
  onTime(): void {
    this.timer = 0;
    this.settle({ code: REPLY_TIMEOUT, message: "no reply from the platform" });
    this.next();
  }

  private readDesired(): void {
    this.get().then((reply) => this.tell(reply.desired));
  }

  private ask(method: string, state: object | undefined): Promise<ShadowReply> {
    if (!this.isOnline) return Promise.resolve({ code: OFFLINE, message: "offline" });
    if (this.waiting.length >= MOST_WAITING) {
      return Promise.resolve({ code: OUTBOX_FULL, message: "too many requests wait" });
    }
    let resolve!: (reply: ShadowReply) => void;
    const result = new Promise<ShadowReply>((settle) => {
      resolve = settle;
    });
    this.waiting.push({ method: method, state: state, again: false, done: resolve });
    if (this.waiting.length === 1) this.next();
    return result;
  }

  /** Sends the first request. */
  private next(): void {
    if (!this.waiting.length) return;
    const { method, state } = this.waiting[0];
    const message: any = { method: method };
    if (state) {
      message.state = state;
      message.version = this.version + 1;
    }
    this.timer = setTimeout(onTime, PATIENCE, this);
    this.port.exchange.publish("/shadow/update/" + this.device, toJson(message), 1);
  }

  private answered(content: any, state: any): void {
    const { method, again } = this.waiting[0];
    const reply: ShadowReply = { code: 200, message: "" };
    if (content.status === "success") {
      // The version of a change stands within, that of the document beside: a late answer to another
      // request is told apart.
      if ((content.version === undefined) !== (method === "get")) return;
      if (content.version !== undefined) this.version = content.version;
    } else {
      const error = content.content || {};
      reply.code = +error.errorcode || 500;
      reply.message = "" + error.errormessage;
    }
    clearTimeout(this.timer);
    this.timer = 0;
    if (reply.code === CONFLICT && !again) {
      // The version comes with the document.
      this.waiting[0].again = true;
      this.waiting.unshift({ method: "get", state: undefined, again: true, done: ignore });
    } else {
      if (method === "get" && reply.code === 200) {
        reply.reported = state.reported || {};
        reply.desired = state.desired || {};
      }
      this.settle(reply);
    }
    this.next();
  }

  private settle(reply: ShadowReply): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    (this.waiting.shift() as Request).done(reply);
  }

  private tell(desired: any): void {
    if (!this.listener || !desired) return;
    for (const _name in desired) {
      try {
        this.listener(desired, this.version);
      } catch (error) {
        logError("ali", "the shadow's listener failed: " + describeError(error));
      }
      return;
    }
  }
}

function ignore(): void {}

function onTime(shadow: Shadow): void {
  shadow.onTime();
}
