/**
 * The device as a gateway: its topology, and the log-on of its sub-devices over its own connection
 * (`thing/topo/…`, `thing/sub/register`, `/ext/session/…`; "Manage topological relationships",
 * "Connect or disconnect sub-devices").
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { hmac } from "../../digest/hmac.ts";
import { toHex } from "../../text/hex.ts";
import type { AliIot } from "../aliiot.ts";
import type { Exchange } from "../exchange.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Reply } from "../replies.ts";
import type { Service } from "../service.ts";
import {
  type AddListener,
  Listeners,
  type SubDeviceCallback,
  type SubDeviceListener,
  type TopologyListener,
} from "./gateway-listeners.ts";
import { type SubDevice, WANTED } from "./sub-device.ts";
import { LogOns } from "./sub-device-log-on.ts";
import {
  type DeviceName,
  inTurn,
  listOf,
  METHOD,
  nameIn,
  nameOf,
  ownerOf,
  proven,
  type RegisteredDevice,
  signed,
} from "./sub-device-names.ts";

/**
 * Sub-devices in one request: of signed ones about 2 KB, a quarter of the outbox; the platform takes 30
 * and 50.
 */
const SIGNED_AT_ONCE = 8;
const NAMED_AT_ONCE = 30;
/** Codes of `/ext/error` ("Error codes for sub-devices"). */
const DISPLACED = 427;
const NO_SESSION = 520;
const DISABLED = 522;

/**
 * Makes a device a gateway. Sub-devices that `login` has been called for log on again by themselves
 * after each log-on of the gateway.
 * @public
 */
export class Gateway implements Service {
  /** @internal */
  readonly exchange: Exchange;
  private readonly port: Port;
  private readonly devices: { [id: string]: SubDevice<any> } = {};
  private readonly logOns: LogOns;
  // Secrets live in closures only: a REPL prints an object's members, and so do traces.
  private readonly keep: (id: string, secret: string | undefined) => void;
  private readonly sign: (id: string, content: string) => string;
  /** What a registration has brought, until its request ends. */
  private given: RegisteredDevice[] | undefined;
  private callback: SubDeviceCallback | undefined;
  /** Whose message is being delivered, to `passOn`. */
  private addressee: SubDevice<any> | undefined;
  private readonly passOn = (topic: string, data: any) => {
    (this.callback as SubDeviceCallback)(this.addressee as SubDevice<any>, topic, data);
  };
  private readonly listeners = new Listeners();

  constructor(server: AliIot<any>) {
    this.port = server.port;
    this.exchange = server.port.exchange;
    const secrets: { [id: string]: string } = {};
    this.keep = (id, secret) => {
      if (secret === undefined) delete secrets[id];
      else secrets[id] = secret;
    };
    this.sign = (id, content) => toHex(hmac("hmacsha256", secrets[id], content));
    this.logOns = new LogOns(
      this.devices,
      SIGNED_AT_ONCE,
      (devices) => this.requestLogOn(devices),
      (device, online, reason) => this.listeners.tell(device, online, reason),
    );
    const sys = this.port.topics.sys + "thing/";
    for (const path of [
      "topo/add_reply",
      "topo/delete_reply",
      "topo/get_reply",
      "topo/add/notify",
      "topo/change",
      "sub/register_reply",
      "proxy/provisioning/product_register_reply",
    ]) {
      this.port.subscribe(sys + path);
    }
    for (const word of ["login", "batch_login", "batch_logout"]) {
      this.port.subscribe(this.ext("session") + "/combine/" + word + "_reply");
    }
    this.port.subscribe(this.ext("error"));
    this.port.attach(this);
  }

  /** Sets one callback for all sub-devices, for those without one of their own. */
  setCallback(callback: SubDeviceCallback): void {
    this.callback = callback;
  }

  /** Sets the listener for sub-devices that come and go. */
  onStatus(listener: SubDeviceListener): void {
    this.listeners.status = listener;
  }

  /** Sets the listener for changes of the topology that were made on the platform. */
  onTopologyChange(listener: TopologyListener): void {
    this.listeners.topology = listener;
  }

  /**
   * Sets the listener for sub-devices that the platform wants to be added (`thing/topo/add/notify`).
   * Without one the platform is told that nobody is there.
   */
  onAddRequest(listener: AddListener): void {
    this.listeners.add = listener;
  }

  /**
   * Adds sub-devices to the topology. The last reply, or the first refusal: 401 wrong signature, 6100
   * no such device, 6400 too many, 6402 the gateway itself, 6619 it belongs to another gateway;
   * below 100 why there was no reply.
   */
  addTopology(devices: SubDevice<any> | SubDevice<any>[]): Promise<Reply> {
    return inTurn(listOf(devices), SIGNED_AT_ONCE, (some) =>
      this.port.call(
        "thing/topo/add",
        some.map((device) => signed(device, "signmethod", this.sign)),
      ),
    );
  }

  /** Takes sub-devices out of the topology, which ends their log-on. 6401: they are not in it. */
  deleteTopology(devices: DeviceName | DeviceName[]): Promise<Reply> {
    const list = listOf(devices);
    for (const name of list) this.leave(name, 0, "taken out of the topology");
    return inTurn(list, NAMED_AT_ONCE, (some) =>
      this.port.call("thing/topo/delete", some.map(nameOf)),
    );
  }

  /** Asks for the topology: in the reply's `data`, a list of `{productKey, deviceName}`. */
  topology(): Promise<Reply> {
    return this.port.call("thing/topo/get", {});
  }

  /**
   * Gets the secrets of sub-devices that exist on the platform and have never been online; with
   * `productSecret`, that of their product, signed with it. Those that were refused are not in the
   * list; `AliIot.lastReply` tells the code: 6288 the product does not allow it, 6289 already online
   * once, 6100 no such device. Store what you get: a sub-device that has been online gets no more.
   */
  register(devices: DeviceName[], productSecret?: string): Promise<RegisteredDevice[]> {
    const all: RegisteredDevice[] = [];
    const path = productSecret ? "thing/proxy/provisioning/product_register" : "thing/sub/register";
    const send = (some: DeviceName[]) => {
      this.given = [];
      const params = productSecret
        ? { proxieds: some.map((name) => proven(name, productSecret)) }
        : some.map(nameOf);
      return this.port.call(path, params).then((reply) => {
        for (const device of this.given || []) all.push(device);
        this.given = undefined;
        return reply;
      });
    };
    return inTurn(devices, NAMED_AT_ONCE, send).then(() => all);
  }

  /**
   * Logs sub-devices on, now and again after each log-on of the gateway: true when all are online.
   * False at once when the gateway is not; they follow. `onStatus` tells of each one.
   */
  login(devices: SubDevice<any> | SubDevice<any>[]): Promise<boolean> {
    return this.logOns.add(listOf(devices));
  }

  /** Logs sub-devices off, until the next `login`. 520: one was not logged on. */
  logout(devices: SubDevice<any> | SubDevice<any>[]): Promise<Reply> {
    const list = listOf(devices);
    for (const device of list) this.leave(device, 0, "logged off");
    return inTurn(list, NAMED_AT_ONCE, (some) =>
      this.exchange.call(this.ext("session") + "/combine/", "batch_logout", some.map(nameOf), true),
    );
  }

  /** Forgets a sub-device and its secret; `logout` it before. */
  remove(device: SubDevice<any>): void {
    device.state = 0;
    delete this.devices[device.id];
    this.keep(device.id, undefined);
  }

  /**
   * For `SubDevice`.
   * @internal
   */
  adopt(device: SubDevice<any>, secret: string): void {
    this.devices[device.id] = device;
    this.keep(device.id, secret);
  }

  /** @internal */
  accept(topic: string, payload: string): boolean {
    const sys = this.port.topics.sys + "thing/";
    if (topic.startsWith(sys)) return this.acceptOwn(topic.substr(sys.length), topic, payload);
    if (topic === this.ext("error")) {
      this.failed(decode(payload));
      return true;
    }
    const device = this.devices[ownerOf(topic)];
    if (!device) return false;
    const data = decode(payload);
    if (topic.endsWith("/thing/disable") || topic.endsWith("/thing/delete")) {
      this.exchange.answer(topic + "_reply", data.id, 200, {}, "success");
      const off = topic.endsWith("/thing/disable");
      this.leave(device, off ? WANTED : 0, off ? "switched off" : "deleted");
    } else {
      this.addressee = device;
      const callback = device.heard || (this.callback ? this.passOn : undefined);
      this.port.inbox.deliver(topic, data, callback);
    }
    return true;
  }

  /** @internal */
  online(): void {
    this.logOns.start();
  }

  /** @internal */
  offline(): void {
    this.logOns.stop();
  }

  /** What concerns the gateway itself; `path` below `thing/`. */
  private acceptOwn(path: string, topic: string, payload: string): boolean {
    if (path.endsWith("register_reply")) {
      const reply = decode(payload);
      const data = reply.data;
      if (this.given) this.given = (data && data.successes) || data;
      // Secrets are no part of the last reply, which the REPL shows.
      this.exchange.settle(reply, undefined);
      return true;
    }
    const isChange = path === "topo/change";
    if (!isChange && path !== "topo/add/notify") return false;
    const request = decode(payload);
    const params = request.params || {};
    const isHeard = isChange || this.listeners.add;
    this.exchange.answer(topic + "_reply", request.id, isHeard ? 200 : 400, {}, "");
    if (isChange) this.changed(params.status, params.subList || []);
    else this.listeners.hear(this.listeners.add, params, undefined);
    return true;
  }

  private changed(status: number, names: DeviceName[]): void {
    for (const name of names) {
      if (status === 1) this.leave(name, 0, "taken out of the topology");
      else if (status === 8) this.leave(name, WANTED, "switched off");
    }
    if (status === 2) this.logOns.again();
    this.listeners.hear(this.listeners.topology, status, names);
  }

  /** The platform has ended a sub-device's session, or never had one. */
  private failed(error: any): void {
    const code = error.code;
    const name = error.data || {};
    const keeps = code === NO_SESSION || code === DISABLED;
    this.leave(name, keeps ? WANTED : 0, "code " + code + ": " + error.message);
    if (code === DISPLACED) logWarn("ali", nameIn(name) + " has logged on elsewhere");
    if (code === NO_SESSION) this.logOns.again();
  }

  /** A sub-device is no longer logged on; of its state remains what `left` masks. */
  private leave(name: DeviceName, left: number, reason: string): void {
    const device = this.devices[name.productKey + "/" + name.deviceName];
    if (!device) return;
    const was = device.status;
    device.state &= left;
    if (was) this.listeners.tell(device, false, reason);
  }

  private requestLogOn(devices: SubDevice<any>[]): Promise<Reply> {
    const session = this.ext("session") + "/combine/";
    const entries = devices.map((device) => {
      const entry = signed(device, "signMethod", this.sign);
      entry.cleanSession = "true";
      return entry;
    });
    return entries.length === 1
      ? this.exchange.call(session, "login", entries[0], true)
      : this.exchange.call(
          session,
          "batch_login",
          { signMethod: METHOD, deviceList: entries },
          true,
        );
  }

  /** The gateway's own `/ext/KIND/{productKey}/{deviceName}`. */
  private ext(kind: string): string {
    return "/ext/" + kind + "/" + this.port.topics.productKey + "/" + this.port.topics.deviceName;
  }
}
