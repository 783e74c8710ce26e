/**
 * Functions that answer for the application: what one returns, or the promise that it returns, becomes
 * the reply. The comfortable way beside the manual's one callback; what no function is there for goes
 * on to the callback, and where there is no callback either, the platform is told so.
 *
 * Topics: `thing/service/property/set`, `thing/service/NAME`, `rrpc/request/ID` (also with a
 * synchronous service in it) and `/ext/rrpc/ID/sys/…/thing/service/NAME`.
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { textOf } from "../../link/connection.ts";
import { uptime } from "../../system/clock.ts";
import { toJson } from "../../text/json.ts";
import type { AliIot } from "../aliiot.ts";
import { decode, encode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import type {
  AnyModel,
  ServiceInput,
  ServiceName,
  ServiceOutput,
  ThingModel,
  WritableName,
} from "../thing-model.ts";
import { lastLevel, PROPERTY_SET, RRPC_REQUEST, RRPC_RESPONSE, SERVICE } from "../topics.ts";
import { isPromise, type Setter, Setting } from "./setting.ts";

/** The application failed; the parameters are wrong, or nobody is there to take them (page 89309). */
const FAILED = 400;
const PARAMETER = 460;
/** The platform waits so long for an RRPC, s; a later answer is lost. */
const RRPC_SECONDS = 8;
const METHOD = "thing.service.";

/** Where the answer to one call goes. */
class Answer {
  private readonly since = uptime();

  constructor(
    private readonly port: Port,
    private readonly topic: string,
    /** The call's id; undefined: an RRPC that is none of a service. */
    private readonly id: any,
    private readonly isSync: boolean,
    private readonly what: string,
  ) {}

  /** Sends what a handler returned. */
  take(result: any): void {
    try {
      if (this.id !== undefined) this.send(200, result === undefined ? {} : result, "success");
      else this.publish(result === undefined ? "" : encode(result));
    } catch (error) {
      // A result that can't be written as JSON.
      this.fail(error);
    }
  }

  fail(error: any): void {
    const text = textOf(error);
    logWarn("ali", this.what + " failed: " + text);
    // An RRPC has no form of its own for a failure.
    if (this.id !== undefined) this.send(error && error.code > 0 ? error.code : FAILED, {}, text);
    else this.publish(toJson({ code: FAILED, message: text }));
  }

  send(code: number, data: any, message: string): void {
    this.noteDelay();
    const qos = this.isSync ? 0 : undefined;
    this.port.exchange.answer(this.topic, this.id, code, data, message, qos);
  }

  private publish(payload: string): void {
    this.noteDelay();
    this.port.exchange.publish(this.topic, payload, 0);
  }

  private noteDelay(): void {
    const seconds = uptime() - this.since;
    if (!this.isSync || seconds <= RRPC_SECONDS) return;
    logWarn(
      "ali",
      this.what +
        " answered after " +
        seconds.toFixed(1) +
        " s: the platform waits " +
        RRPC_SECONDS,
    );
  }
}

/**
 * Handlers of property sets, services and RRPCs, by name. Names of custom modules are
 * `module:identifier`.
 * @public
 */
export class ThingHandlers<Model extends ThingModel = AnyModel> implements Service {
  private readonly port: Port;
  // Names have a prefix, for an empty object knows some already.
  private readonly setters: { [name: string]: Setter } = {};
  private readonly services: { [name: string]: (input: any) => any } = {};
  private rrpc: ((data: any) => any) | undefined;

  constructor(private readonly server: AliIot<Model>) {
    this.port = server.port;
    this.port.attach(this);
  }

  /**
   * Sets what a property set does. The handler's return, or its promise, undefined means success, and
   * the value is reported, as the platform expects it after a set; another return is reported in its
   * place. Throwing, or rejecting, gives code 400 with the error's message (or the error's `code`). A
   * set of several properties calls each handler and gives one reply and one report; when one has no
   * handler, nothing is set: code 460.
   */
  onPropertySet<Name extends WritableName<Model>>(
    name: Name,
    handler: (
      value: Model["properties"][Name],
    ) => Model["properties"][Name] | void | Promise<Model["properties"][Name]> | Promise<void>,
  ): void {
    this.setters["_" + name] = handler;
  }

  /**
   * Sets what a service does, asynchronous or synchronous, and subscribes to it. The handler gets the
   * input and returns the output, or a promise of it; throwing, or rejecting, gives code 400 with the
   * error's message (or the error's `code`). A synchronous service has to be answered within 8 s.
   */
  onService<Name extends ServiceName<Model>>(
    name: Name,
    handler: (
      input: ServiceInput<Model, Name>,
    ) => ServiceOutput<Model, Name> | Promise<ServiceOutput<Model, Name>>,
  ): void {
    this.server.addService(name);
    this.services["_" + name] = handler;
  }

  /**
   * Sets what an RRPC does that is none of a service. The handler gets the request, parsed when it is
   * JSON, else its bytes; it returns a text (sent as it is) or another value (sent as JSON), or a
   * promise of one, within 8 s. Throwing sends `{"code":400,"message":…}`.
   */
  onRrpc(handler: (data: any) => any): void {
    this.rrpc = handler;
  }

  accept(topic: string, payload: string): boolean {
    const topics = this.port.topics;
    if (topic === topics.sys + PROPERTY_SET) return this.acceptSet(payload);
    if (topic.startsWith(topics.sys + RRPC_REQUEST)) {
      return this.acceptRrpc(topics.sys + RRPC_RESPONSE + lastLevel(topic), decode(payload));
    }
    const at = topic.indexOf(topics.sys + SERVICE);
    const name = at < 0 ? "" : topic.substr(at + topics.sys.length + SERVICE.length);
    if (!name || name.includes("/")) return false;
    // Behind `/ext/rrpc/ID`, the answer goes where the call came from.
    return this.acceptService(name, decode(payload), at ? topic : topic + "_reply", at > 0);
  }

  /**
   * Names that have a handler.
   * @internal
   */
  settable(): string[] {
    return Object.keys(this.setters).map((key) => key.substr(1));
  }

  /**
   * Has the handlers set what is in `values`; `done` gets the outcome.
   * @internal
   */
  apply(values: any, done: (setting: Setting) => void): void {
    const setting = new Setting(done);
    for (const name in values) setting.add(name, this.setters["_" + name], values[name]);
    setting.close();
  }

  private acceptSet(payload: string): boolean {
    const request = decode(payload);
    const values = request && request.params;
    const topic = this.port.topics.sys + PROPERTY_SET + "_reply";
    const answer = new Answer(this.port, topic, request && request.id, false, "property set");
    if (!values || typeof values !== "object") {
      if (!this.port.callback) answer.send(PARAMETER, {}, "params has to be an object");
      return !this.port.callback;
    }
    for (const name in values) {
      if (this.setters["_" + name]) continue;
      if (this.port.callback) return false;
      answer.send(PARAMETER, {}, "no handler for property " + name);
      return true;
    }
    this.apply(values, (setting) => {
      answer.send(setting.code, {}, setting.text);
      if (setting.hasAccepted) this.server.propertiesReport(setting.accepted as any);
    });
    return true;
  }

  private acceptRrpc(topic: string, data: any): boolean {
    const method = data && data.method;
    if (typeof method === "string" && method.startsWith(METHOD) && data.id !== undefined) {
      return this.acceptService(method.substr(METHOD.length), data, topic, true);
    }
    if (!this.rrpc) return false;
    this.run(this.rrpc, data, new Answer(this.port, topic, undefined, true, "RRPC"));
    return true;
  }

  private acceptService(name: string, call: any, topic: string, isSync: boolean): boolean {
    if (!call || typeof call !== "object") return false;
    const handler = this.services["_" + name];
    if (!handler && this.port.callback) return false;
    const id = call.id === undefined ? "" : call.id;
    const answer = new Answer(this.port, topic, id, isSync, "service " + name);
    if (handler) this.run(handler, call.params || {}, answer);
    else answer.send(PARAMETER, {}, "no handler for service " + name);
    return true;
  }

  private run(handler: (input: any) => any, input: any, answer: Answer): void {
    let result: any;
    try {
      result = handler(input);
    } catch (error) {
      answer.fail(error);
      return;
    }
    if (isPromise(result)) {
      result.then(
        (value: any) => answer.take(value),
        (error: any) => answer.fail(error),
      );
    } else answer.take(result);
  }
}
