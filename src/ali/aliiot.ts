/**
 * `AliIot`: a device of Alibaba Cloud's IoT Platform, with the members of QuecPython's `aliIot`
 * in camelCase. Where Python blocks, a promise of the same value; no promise rejects.
 * @module
 */
import { ownClock } from "#board";
import { describeError, logError, logInfo, logWarn } from "../debug/log.ts";
import { link } from "../link/index.ts";
import { MqttClient } from "../mqtt/client.ts";
import { DISCONNECTED, type MqttError } from "../mqtt/error.ts";
import { statsOf } from "../mqtt/stats.ts";
import { timeOfDay } from "../system/clock.ts";
import { toBytes } from "../text/utf8.ts";
import { NO_NETWORK, SUBSCRIPTION_REFUSED } from "./codes.ts";
import { type AliConfig, checkConfig } from "./config.ts";
import { Exchange } from "./exchange.ts";
import { Inbox } from "./inbox.ts";
import { createLogOn, type LogOn } from "./log-on.ts";
import { encode } from "./payload.ts";
import { PlatformClock } from "./platform-clock.ts";
import { type Callback, Port } from "./port.ts";
import type { Reply } from "./replies.ts";
import { Subscriptions } from "./subscriptions.ts";
import type {
  AnyModel,
  EventName,
  EventOutput,
  PropertyReport,
  ServiceName,
  ServiceOutput,
  ThingModel,
} from "./thing-model.ts";
import { otaTopic, type Topics, topicsOf } from "./topics.ts";

const PART = "ali";
const REPLY_TIMEOUT_MS = 30000;
/** `connect()` answers after this long at the latest, ms; the attempts go on. */
const CONNECT_TIMEOUT_MS = 60000;

/** Hears of each log-on and each loss, the latter with its reason. */
export type StatusListener = (online: boolean, reason: string) => void;

/** The manual's `auth_info`. */
export interface AuthInfo {
  productKey: string;
  productSecret: string | undefined;
  deviceName: string;
  /** Empty unless it stands in the settings. */
  deviceSecret: string;
}

/**
 * A device of the platform: the manual's class. With the interface that `npm run tsl` makes from the
 * product's thing model, `AliIot<Model>`, the compiler checks names and values.
 * @public
 */
export class AliIot<Model extends ThingModel = AnyModel> {
  // Secrets live in closures only: a REPL prints an object's members, and so do traces.
  private readonly auth: () => AuthInfo;
  private readonly logOn: LogOn;
  private readonly topics: Topics;
  private readonly client: MqttClient;
  // What reports and answers need: SubDevice has these, too, and takes the methods from here.
  /** @internal */
  readonly exchange: Exchange;
  /** @internal */
  readonly sys: string;
  private readonly subscriptions: Subscriptions;
  /**
   * For services.
   * @internal
   */
  readonly port: Port;
  private readonly inbox: Inbox;
  private statusListener: StatusListener | undefined;
  private connecting: Promise<number> | undefined;
  private connected: ((code: number) => void) | undefined;
  private started = false;
  private connectTimer = 0;
  /** The last that was reported. */
  private lastEvent = "";
  /** The last service that was answered, and where. */
  private lastService = "";
  private answerTopic = "";

  /** Throws an Error that names the field when the configuration can't work. */
  constructor(config: AliConfig) {
    const at = checkConfig(config);
    this.auth = () => ({
      productKey: config.productKey,
      productSecret: config.productSecret,
      deviceName: config.deviceName,
      deviceSecret: config.deviceSecret || "",
    });
    this.logOn = createLogOn(config, at);
    this.topics = topicsOf(config);
    this.sys = this.topics.sys;
    this.client = new MqttClient(this.logOn, this);
    this.exchange = new Exchange(
      this.client.session,
      config.qos === 0 ? 0 : 1,
      config.replyTimeout || REPLY_TIMEOUT_MS,
    );
    this.subscriptions = new Subscriptions(this.client, this.topics);
    this.port = new Port(this.logOn, this.client, this.topics, this.exchange, this.subscriptions);
    this.inbox = new Inbox(this.port);
    this.port.inbox = this.inbox;
    if (ownClock) new PlatformClock(this.port);
    link.onChange((up) => this.client.linkChanged(up));
  }

  /** Whether the device is logged on now. */
  get status(): boolean {
    return this.client.isOnline;
  }

  /** The four credentials, secrets included: nothing else of the firmware shows them. */
  get authInfo(): AuthInfo {
    return this.auth();
  }

  /**
   * The platform's last reply to a report, or why there was none: code 200 is success, below 100
   * are our own (`ali/codes`, `mqtt/error`). `data` holds the remarks per identifier.
   */
  get lastReply(): Reply | undefined {
    return this.exchange.replies.current();
  }

  /** Adds an event, before or after `connect`; false for a bad name or one that is there. */
  addEvent(event: EventName<Model>): boolean {
    return this.subscriptions.addEvent(event);
  }

  /** Adds a service, before or after `connect`; false for a bad name or one that is there. */
  addService(service: ServiceName<Model>): boolean {
    return this.subscriptions.addService(service);
  }

  setCallback(callback: Callback): void {
    this.port.callback = callback;
  }

  /** Sets the listener for log-ons and losses of the connection. */
  onStatus(listener: StatusListener): void {
    this.statusListener = listener;
  }

  /**
   * Logs on and subscribes. Resolves 0, or the first failure's code: 1-5 as in CONNACK (4 and 5:
   * the credentials), 10 and above as in `mqtt/error`, 30 a subscription was refused, 31 no
   * network within 60 s. After a failure the attempts go on until `disconnect()`; `onStatus` tells.
   */
  connect(): Promise<number> {
    if (this.connecting) return this.connecting;
    if (this.client.isOnline) return Promise.resolve(0);
    this.connecting = new Promise((resolve) => {
      this.connected = resolve;
    });
    const result = this.connecting;
    this.connectTimer = setTimeout(() => {
      this.connectTimer = 0;
      this.settleConnect(NO_NETWORK);
    }, CONNECT_TIMEOUT_MS);
    if (!this.started) {
      this.started = true;
      this.client.linkChanged(link.isUp);
      this.logOn.enter(
        () => this.started && this.client.start(),
        (code) => this.settleConnect(code),
      );
    }
    return result;
  }

  /** Sends what waits, logs off and stops reconnecting; true when the device was logged on. */
  disconnect(): Promise<boolean> {
    const online = this.client.isOnline;
    this.started = false;
    let resolve!: (done: boolean) => void;
    const result = new Promise<boolean>((settle) => {
      resolve = settle;
    });
    this.settleConnect(DISCONNECTED);
    this.logOn.leave();
    this.client.stop(() => resolve(online));
    return result;
  }

  /** Reports properties: true on the platform's code 200, false on another code or none in time. */
  propertiesReport(data: PropertyReport<Model>): Promise<boolean> {
    return this.exchange.request(this.sys, "thing/event/property/post", data);
  }

  /** Reports an event with its output parameters; adds the event when that was forgotten. */
  eventReport<Name extends EventName<Model>>(
    event: Name,
    data: EventOutput<Model, Name>,
  ): Promise<boolean> {
    if (event !== this.lastEvent) this.addEvent(event);
    this.lastEvent = event;
    // Before the clock is set, the platform's time of arrival is better than 1970.
    const now = timeOfDay();
    const params = now ? { value: data, time: now } : data;
    return this.exchange.request(this.sys, "thing/event/" + event + "/post", params);
  }

  /** Answers a service call, asynchronous or synchronous; true when the answer has left. */
  serviceResponse<Name extends ServiceName<Model>, Code extends number>(
    service: Name,
    code: Code,
    data: ServiceOutput<Model, Name, Code>,
    msgId: string,
    message: string,
  ): Promise<boolean> {
    const exchange = this.exchange;
    const calls = exchange.syncCalls;
    const topic = calls.open.length ? calls.take(msgId) : "";
    if (topic) return exchange.answer(topic, msgId, code, data, message, 0);
    if (service !== this.lastService) {
      this.lastService = service;
      this.answerTopic = this.sys + "thing/service/" + toBytes(service) + "_reply";
    }
    return exchange.answer(this.answerTopic, msgId, code, data, message);
  }

  /** Answers an RRPC with an object (sent as JSON) or a text; true when the answer has left. */
  rrpcResponse(msgId: string, data: any): Promise<boolean> {
    return this.exchange.publish(this.sys + "rrpc/response/" + msgId, encode(data), 0);
  }

  /** Answers a property set; true when the answer has left. */
  propertySetReply(msgId: string, code: number, msg: string): Promise<boolean> {
    const topic = this.sys + "thing/service/property/set_reply";
    return this.exchange.answer(topic, msgId, code, {}, msg);
  }

  /** Reports the version of a module; true when the platform has received it. */
  otaDeviceInform(version: string, module: string): Promise<boolean> {
    return this.exchange.notify(otaTopic(this.sys, "inform"), { version: version, module: module });
  }

  /** Asks for the module's update: true on code 200; a package, if any, comes to the callback. */
  otaFirmwareGet(module: string): Promise<boolean> {
    return this.exchange.request(this.sys, "thing/ota/firmware/get", { module: module });
  }

  /**
   * Reports the progress of an update: 1 to 100 per cent, -1 upgrade, -2 download, -3
   * verification, -4 writing failed. Another step (0 would end the job) gives false.
   */
  otaDeviceProgress(step: number, desc: string, module: string): Promise<boolean> {
    if (!(step >= -4 && step <= 100) || step === 0) {
      logWarn(PART, "progress " + step + " refused: 1 to 100 or -1 to -4 expected");
      return Promise.resolve(false);
    }
    return this.exchange.notify(otaTopic(this.sys, "progress"), {
      step: "" + step,
      desc: desc,
      module: module,
    });
  }

  /** Counters of all layers. */
  stats() {
    const replies = this.exchange.replies;
    const mqtt = statsOf(this.client.session);
    return {
      received: mqtt.received,
      waiting: replies.unanswered.length,
      timeouts: replies.timeouts,
      lateReplies: replies.dropped,
      callbackErrors: this.inbox.callbackErrors,
      mqtt: mqtt,
    };
  }

  // --- what the client tells ---

  /** @internal */
  onMessage(topic: string, payload: string): void {
    this.inbox.accept(topic, payload);
  }

  /** @internal */
  onUndelivered(packet: number, error: MqttError): void {
    this.exchange.undelivered(packet, error);
  }

  /** @internal */
  onOnline(): void {
    logInfo(PART, "logged on to " + this.logOn.at.host + ":" + this.logOn.at.port);
    this.subscriptions.subscribeAll((error, refused) => {
      if (error) return; // the connection is gone: onOffline tells
      if (refused) logError(PART, "subscription refused: " + refused);
      this.settleConnect(refused ? SUBSCRIPTION_REFUSED : 0);
      this.port.online();
      this.tell(true, "");
    });
  }

  /** @internal */
  onOffline(error: MqttError): void {
    logWarn(PART, error.message);
    this.logOn.ended(error.code);
    this.port.offline();
    this.settleConnect(error.code);
    this.tell(false, error.message);
    link.look();
  }

  private settleConnect(code: number): void {
    if (this.connectTimer) clearTimeout(this.connectTimer);
    this.connectTimer = 0;
    const settle = this.connected;
    this.connected = undefined;
    this.connecting = undefined;
    if (settle) settle(code);
  }

  private tell(online: boolean, reason: string): void {
    if (!this.statusListener) return;
    try {
      this.statusListener(online, reason);
    } catch (error) {
      logError(PART, "the status listener failed: " + describeError(error));
    }
  }
}
