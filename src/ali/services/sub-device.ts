/**
 * A device that reaches the platform through its gateway's connection ("Gateways and sub-devices").
 * Many of them share a board, so each keeps next to nothing: topics are built when they are needed,
 * and the methods are those of `AliIot`.
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { AliIot } from "../aliiot.ts";
import { checkDevice } from "../config.ts";
import type { Exchange } from "../exchange.ts";
import type { Callback } from "../port.ts";
import type { AnyModel, EventName, ServiceName, ThingModel } from "../thing-model.ts";
import type { Gateway } from "./gateway.ts";

/** What a sub-device signs its log-on with. */
export interface SubDeviceConfig {
  productKey: string;
  deviceName: string;
  deviceSecret: string;
}

/** Bits of `SubDevice.state`: shall be logged on, and is. */
export const WANTED = 1;
export const ONLINE = 2;

/**
 * A sub-device of a gateway, with the members of `AliIot` that concern the thing model and updates.
 * It subscribes to nothing: the platform sends all that is for it, to its callback.
 * @public
 */
export class SubDevice<Model extends ThingModel = AnyModel> {
  /**
   * `{productKey}/{deviceName}`
   * @internal
   */
  readonly id: string;
  /** @internal */
  readonly exchange: Exchange;
  /** @internal */
  state = 0;
  /** @internal */
  heard: Callback | undefined;

  /** As that of `AliIot`. */
  propertiesReport!: AliIot<Model>["propertiesReport"];
  /** As that of `AliIot`. */
  eventReport!: AliIot<Model>["eventReport"];
  /** As that of `AliIot`. */
  serviceResponse!: AliIot<Model>["serviceResponse"];
  /** As that of `AliIot`. */
  rrpcResponse!: AliIot<Model>["rrpcResponse"];
  /** As that of `AliIot`. */
  propertySetReply!: AliIot<Model>["propertySetReply"];
  /** As that of `AliIot`. */
  otaDeviceInform!: AliIot<Model>["otaDeviceInform"];
  /** As that of `AliIot`; the answer and each push of a package come to the callback. */
  otaFirmwareGet!: AliIot<Model>["otaFirmwareGet"];
  /** As that of `AliIot`. */
  otaDeviceProgress!: AliIot<Model>["otaDeviceProgress"];

  /**
   * A sub-device of `gateway`, not logged on yet. The secret is kept where nothing shows it. Throws an
   * Error that names the field when the configuration can't work.
   */
  constructor(gateway: Gateway, config: SubDeviceConfig) {
    checkDevice(config);
    this.id = config.productKey + "/" + config.deviceName;
    this.exchange = gateway.exchange;
    gateway.adopt(this, config.deviceSecret);
  }

  get productKey(): string {
    return this.id.substr(0, this.id.indexOf("/"));
  }

  get deviceName(): string {
    return this.id.substr(this.id.indexOf("/") + 1);
  }

  /** Whether the sub-device is logged on now. */
  get status(): boolean {
    return (this.state & ONLINE) !== 0;
  }

  /** @internal */
  get sys(): string {
    return "/sys/" + this.id + "/";
  }

  /** Sets the callback for what the platform sends to this sub-device. */
  setCallback(callback: Callback): void {
    this.heard = callback;
  }

  /** Only checks the name: sub-devices need no subscription. */
  addEvent(event: EventName<Model>): boolean {
    return isName("event", event);
  }

  /** Only checks the name: sub-devices need no subscription. */
  addService(service: ServiceName<Model>): boolean {
    return isName("service", service);
  }
}

function isName(kind: string, name: any): boolean {
  if (typeof name === "string" && /^[A-Za-z0-9_:]+$/.test(name)) return true;
  logWarn("ali", kind + ' "' + name + '" refused: letters, digits, _ and : expected');
  return false;
}

// They need `exchange`, `sys` and `addEvent` alone.
const own = SubDevice.prototype;
const its = AliIot.prototype;
own.propertiesReport = its.propertiesReport;
own.eventReport = its.eventReport;
own.serviceResponse = its.serviceResponse;
own.rrpcResponse = its.rrpcResponse;
own.propertySetReply = its.propertySetReply;
own.otaDeviceInform = its.otaDeviceInform;
own.otaFirmwareGet = its.otaFirmwareGet;
own.otaDeviceProgress = its.otaDeviceProgress;
