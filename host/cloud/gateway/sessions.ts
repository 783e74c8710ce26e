/**
 * Sub-devices that log on and off through their gateway
 * (help.aliyun.com/document_detail/89300.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import type { SessionGrant } from "../broker/session.ts";
import { LOGIN_BATCH_MAX, SUB_DEVICES_ONLINE_MAX } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { Router } from "../router.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { Topology } from "../store/topology.ts";
import { isObject } from "../thing/alink.ts";
import type { SpeaksFor } from "../thing/posts.ts";
import { type Answer, offerRequest } from "../thing/request.ts";
import {
  checkSign,
  type Entry,
  nameOf,
  readEntries,
  readEntry,
  SUB_DEVICE_SIGNED,
} from "./entries.ts";
import { answering, Refused } from "./refused.ts";

export interface SessionParts {
  broker: Broker;
  router: Router;
  devices: DeviceRecords;
  topology: Topology;
}

export class SubDeviceSessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const offer = (word: string, handle: (params: unknown, gateway: DeviceId) => Promise<Answer>) =>
      offerRequest(parts.router, `/ext/session/{own}/combine/${word}`, (params, { device }) =>
        answering(() => handle(params, device)),
      );
    offer("login", (params, gateway) => this.#login(readEntry(params), gateway));
    offer("logout", (params, gateway) => this.#logout([readEntry(params)], gateway, false));
    offer("batch_login", (params, gateway) => this.#batchLogin(params, gateway));
    offer("batch_logout", (params, gateway) =>
      this.#logout(readEntries(params, LOGIN_BATCH_MAX), gateway, true),
    );
  }

  /** How many sub-devices are online through a gateway. */
  online(gateway: DeviceId): number {
    const { broker, topology } = this.#parts;
    return topology.subDevices(gateway).filter((device) => isThrough(broker, device, gateway))
      .length;
  }

  async #login(entry: Entry, gateway: DeviceId): Promise<Answer> {
    this.#checkRoom(gateway, [entry]);
    await this.#check(entry, gateway);
    await this.#start(entry, gateway);
    return { code: 200, data: nameOf(entry) };
  }

  /** All of them or none. */
  async #batchLogin(params: unknown, gateway: DeviceId): Promise<Answer> {
    if (!isObject(params)) throw new Refused(460, "params has to be an object");
    const entries = readEntries(params.deviceList, LOGIN_BATCH_MAX);
    this.#checkRoom(gateway, entries);
    const failed: { entry: Entry; why: Refused }[] = [];
    for (const entry of entries) {
      try {
        await this.#check(entry, gateway, params.signMethod);
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        failed.push({ entry, why });
      }
    }
    const [first] = failed;
    if (first) {
      const data = failed.map(({ entry }) => nameOf(entry));
      throw new Refused(first.why.code, `${data.length} of ${entries.length} sub-devices`, data);
    }
    for (const entry of entries) await this.#start(entry, gateway);
    return { code: 200, data: entries.map(nameOf) };
  }

  async #logout(entries: Entry[], gateway: DeviceId, isBatch: boolean): Promise<Answer> {
    const { broker } = this.#parts;
    const away = entries.filter((entry) => !isThrough(broker, entry, gateway)).map(nameOf);
    if (away.length > 0) throw new Refused(520, undefined, isBatch ? away : away[0]);
    for (const entry of entries) await broker.disconnect(entry, "logged out by the gateway");
    const names = entries.map(nameOf);
    return { code: 200, data: isBatch ? names : names[0] };
  }

  #checkRoom(gateway: DeviceId, entries: Entry[]): void {
    const { broker } = this.#parts;
    const more = entries.filter((entry) => !isThrough(broker, entry, gateway)).length;
    if (this.online(gateway) + more > SUB_DEVICES_ONLINE_MAX) throw new Refused(428);
  }

  async #check(entry: Entry, gateway: DeviceId, signMethod?: unknown): Promise<void> {
    const { devices, topology } = this.#parts;
    const record = await devices.get(entry);
    if (!record) throw new Refused(6100, entry.deviceName);
    if (record.disabled) throw new Refused(522, entry.deviceName);
    const owner = topology.gatewayOf(entry);
    if (!owner || deviceKey(owner) !== deviceKey(gateway))
      throw new Refused(6401, entry.deviceName);
    checkSign(entry, record.deviceSecret, SUB_DEVICE_SIGNED, 6287, signMethod);
  }

  async #start(entry: Entry, gateway: DeviceId): Promise<void> {
    const { clientId, cleanSession } = entry.fields;
    const clean = String(cleanSession ?? true) !== "false";
    const grant = { ...grantOf(String(clientId ?? "")), clean };
    if (!(await this.#parts.broker.attach(nameOf(entry), gateway, grant))) throw new Refused(500);
  }
}

/** Whether a device is online through this gateway. */
export function isThrough(broker: Broker, device: DeviceId, gateway: DeviceId): boolean {
  const session = broker.session(device);
  if (!session?.online || !session.gateway) return false;
  return deviceKey(session.gateway) === deviceKey(gateway);
}

/** Gateways may report for the sub-devices that are online through them. */
export function speaksFor(broker: Broker): SpeaksFor {
  return (gateway, device) => isThrough(broker, device, gateway);
}

/** What the extension of a sub-device's client id asks for; it may have none. */
function grantOf(clientId: string): SessionGrant {
  const [, extension = ""] = clientId.split("|");
  const pairs = extension.split(",").map((pair): [string, string] => {
    const [name = "", value = ""] = pair.split("=");
    return [name, value];
  });
  const parameters = new Map(pairs);
  return {
    systemTopics: parameters.get("_ss") === "1",
    customRrpc: (Number(parameters.get("ext") ?? 0) & 1) === 1,
  };
}
