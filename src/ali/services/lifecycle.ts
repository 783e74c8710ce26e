/**
 * What the platform tells a device that is switched off, on or deleted (`thing/disable`,
 * `thing/enable`, `thing/delete`).
 * @module
 */
import { describeError, logError, logWarn } from "../../debug/log.ts";
import type { AliIot } from "../aliiot.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";

/** What was done to the device. */
export type LifecycleNotice = "disable" | "enable" | "delete";

const NOTICES = ["disable", "enable", "delete"];

/**
 * Answers the notices and hands them to a listener. After `disable` and `delete` the platform ends
 * the connection and refuses log-ons (CONNACK 5) until the device is enabled; the attempts go on. A
 * device that was away hears of `enable` after its log-on, unless its sessions are clean.
 * @public
 */
export class Lifecycle implements Service {
  private readonly port: Port;

  constructor(
    server: AliIot<any>,
    private readonly listener: (notice: LifecycleNotice) => void,
  ) {
    this.port = server.port;
    this.port.attach(this);
    for (const notice of NOTICES) this.port.subscribe(this.prefix + notice);
  }

  /** @internal */
  accept(topic: string, payload: string): boolean {
    const length = this.prefix.length;
    const notice = topic.substr(length);
    if (topic.substr(0, length) !== this.prefix || !NOTICES.includes(notice)) return false;
    logWarn("ali", "the platform says: " + notice);
    const request = decode(payload);
    const id = request && request.id;
    this.port.exchange.answer(topic + "_reply", id, 200, {}, "success");
    try {
      this.listener(notice as LifecycleNotice);
    } catch (error) {
      logError("ali", "the listener failed on " + notice + ": " + describeError(error));
    }
    return true;
  }

  private get prefix(): string {
    return this.port.topics.sys + "thing/";
  }
}
