/**
 * What the platform asks of a device: setting properties and invoking services, checked against the
 * thing model (help.aliyun.com/document_detail/89307.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { COMMAND_QOS, COMMAND_TIMEOUT_MS, SYNC_SERVICE_TIMEOUT_MS } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Codec } from "../raw/codec.ts";
import { ScriptError } from "../raw/script.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import { Calls } from "../rrpc/calls.ts";
import type { Rrpc } from "../rrpc/rrpc.ts";
import type { History } from "../store/history.ts";
import { type AlinkReply, makeRequest, parseReply } from "./alink.ts";
import {
  checkPropertyGet,
  checkPropertySet,
  checkServiceInput,
  failedService,
  failedSet,
  remarkOnReply,
  serviceOf,
} from "./command-check.ts";
import type { ModelOf } from "./posts.ts";
import type { Service } from "./tsl.ts";

/** A command on its way. */
export interface Command {
  /** The Alink id. */
  messageId: string;
  /** The device's reply; fails with `iot.messagebroker.TIMEOUT`. */
  reply: Promise<AlinkReply>;
}

export interface CommandOptions {
  /** Milliseconds to wait for the reply. */
  timeoutMs?: number | undefined;
}

const CALLS_REMEMBERED = 10_000;

export class Commands {
  readonly #broker: Broker;
  readonly #router: Router;
  readonly #rrpc: Rrpc;
  readonly #ids: MessageIds;
  readonly #modelOf: ModelOf;
  readonly #codec: Codec;
  readonly #history: History;
  readonly #calls = new Calls<AlinkReply>();
  /** Services called, by call: what a reply is checked and recorded with. */
  readonly #called = new Map<string, { service: Service; input: unknown }>();

  constructor(parts: {
    broker: Broker;
    router: Router;
    rrpc: Rrpc;
    ids: MessageIds;
    modelOf: ModelOf;
    codec: Codec;
    history: History;
  }) {
    this.#broker = parts.broker;
    this.#router = parts.router;
    this.#rrpc = parts.rrpc;
    this.#ids = parts.ids;
    this.#modelOf = parts.modelOf;
    this.#codec = parts.codec;
    this.#history = parts.history;
    const service = "/sys/{own}/thing/service";
    this.#router.route(`${service}/property/+`, (message) => this.#replied(message));
    this.#router.route(`${service}/+`, (message) => this.#replied(message));
  }

  /**
   * Sends a property set; the values shown change only when the device posts them.
   * @throws CloudError when an item is unknown, read-only or does not fit, or the device is away.
   */
  async setProperty(
    device: DeviceId,
    items: Record<string, unknown>,
    options: CommandOptions = {},
  ): Promise<Command> {
    checkPropertySet(this.#modelOf(device.productKey), items);
    return this.#send(device, "property/set", "property.set", items, options);
  }

  /**
   * Asks for the values that properties have now; `data` of the reply holds them by identifier.
   * @throws CloudError when an identifier is unknown or the device is away.
   */
  async getProperty(
    device: DeviceId,
    identifiers: string[],
    options: CommandOptions = {},
  ): Promise<Command> {
    checkPropertyGet(this.#modelOf(device.productKey), identifiers);
    return this.#send(device, "property/get", "property.get", identifiers, options);
  }

  /** The service's definition. */
  service(device: DeviceId, identifier: string): Service {
    return serviceOf(this.#modelOf(device.productKey), identifier);
  }

  /**
   * Invokes a service. The reply of an asynchronous one comes on `…_reply`, that of a synchronous
   * one as an RRPC response.
   * @throws CloudError when the input does not fit or the device is away.
   */
  async invokeService(
    device: DeviceId,
    identifier: string,
    input: Record<string, unknown>,
    options: CommandOptions = {},
  ): Promise<Command> {
    const service = this.service(device, identifier);
    checkServiceInput(service, input);
    if (service.callType === "sync") return this.#sync(device, service, input, options);
    const call = { service, input };
    return this.#send(device, identifier, identifier, input, options, call);
  }

  close(): void {
    this.#calls.close();
  }

  async #send(
    device: DeviceId,
    path: string,
    method: string,
    params: unknown,
    { timeoutMs = COMMAND_TIMEOUT_MS }: CommandOptions,
    call?: { service: Service; input: unknown },
  ): Promise<Command> {
    const messageId = this.#ids.alink();
    const key = `${deviceKey(device)}/${messageId}`;
    const request = makeRequest(messageId, `thing.service.${method}`, params);
    const fail = call ? failedService : failedSet;
    const encoded = inWords(fail, () =>
      this.#codec.encode(device, `thing/service/${path}`, request),
    );
    if (call) this.#remember(key, call);
    const reply = this.#calls.wait(key, timeoutMs);
    // Not every caller awaits the reply.
    reply.catch(() => {});
    const topic = `/sys/${device.productKey}/${device.deviceName}/${encoded.path}`;
    const { payload } = encoded;
    const delivery = await this.#router.send(device, { topic, payload, qos: COMMAND_QOS });
    if (delivery === "offline" || delivery === "queue full") {
      this.#calls.cancel(key);
      this.#called.delete(key);
      const kind = delivery === "offline" ? "offline" : "queueFull";
      const { deviceName } = device;
      const text = `${deviceKey(device)} is ${delivery}`;
      throw new CloudError("iot.messagebroker.OFFLINE", text, { kind, deviceName });
    }
    return { messageId, reply };
  }

  async #sync(
    device: DeviceId,
    service: Service,
    input: Record<string, unknown>,
    { timeoutMs = SYNC_SERVICE_TIMEOUT_MS }: CommandOptions,
  ): Promise<Command> {
    const { productKey, deviceName } = device;
    const messageId = this.#ids.alink();
    const request = makeRequest(messageId, `thing.service.${service.identifier}`, input);
    const { path, payload } = inWords(failedService, () =>
      this.#codec.encode(device, `thing/service/${service.identifier}`, request),
    );
    const topic = this.#rrpc.isCustom(device)
      ? `/sys/${productKey}/${deviceName}/${path}`
      : undefined;
    const answer = await this.#rrpc.call(device, { payload, topic, timeoutMs });
    const json = inWords(failedService, () => this.#codec.decode(device, answer.payload));
    const reply = parseReply(json);
    if (!reply) {
      throw failedService("the device's answer is not an Alink reply", { kind: "notAlink" });
    }
    await this.#record(device, { service, input }, reply);
    return { messageId, reply: Promise.resolve(reply) };
  }

  async #replied(message: UpMessage): Promise<Outcome> {
    const reply = parseReply(message.payload);
    if (!reply) return { note: "not an Alink reply" };
    const code = Number.isNaN(reply.code) ? {} : { code: reply.code };
    const key = `${deviceKey(message.device)}/${reply.id}`;
    const call = this.#called.get(key);
    this.#called.delete(key);
    const note = call && (await this.#record(message.device, call, reply));
    const awaited = this.#calls.answer(key, reply) || call !== undefined;
    const remark = awaited ? note : `nothing with id "${reply.id}" is waiting for a reply`;
    return { ...code, ...(remark ? { note: remark } : {}) };
  }

  /** Asynchronous services may be answered at any time; only the newest calls are remembered. */
  #remember(key: string, call: { service: Service; input: unknown }): void {
    this.#called.set(key, call);
    if (this.#called.size <= CALLS_REMEMBERED) return;
    for (const oldest of this.#called.keys()) {
      this.#called.delete(oldest);
      break;
    }
  }

  /** Records a service call with its result; returns what is wrong with the result. */
  async #record(
    device: DeviceId,
    { service, input }: { service: Service; input: unknown },
    reply: AlinkReply,
  ): Promise<string | undefined> {
    const value = { input, code: reply.code, output: reply.data };
    const entry = { identifier: service.identifier, time: Date.now(), value };
    await this.#history.append("service", device, entry);
    return remarkOnReply(service, reply);
  }
}

/** Runs a parse script; its failure becomes the command's. */
function inWords<T>(fail: (reason: string) => CloudError, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScriptError) throw fail(`${error.code} ${error.message}`);
    throw error;
  }
}
