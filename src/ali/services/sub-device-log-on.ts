/**
 * Keeps a gateway's sub-devices logged on: some at a time, one request after the other; where the
 * platform refuses several, each by itself, so that one does not keep the others away.
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import type { Reply } from "../replies.ts";
import { ONLINE, type SubDevice, WANTED } from "./sub-device.ts";

/** Further bits of `SubDevice.state`: tried in vain since the log-on; to be tried by itself; later. */
const TRIED = 4;
const ALONE = 8;
const LATER = 16;
/** After this long it is tried again where the refusal may pass, ms. */
const RETRY_MS = 30000;
/** Refusals that may pass: too many requests, too many online, platform failed. */
const PASSING = [429, 428, 500];

export class LogOns {
  private isUp = false;
  private busy = false;
  /** Answers to what was asked before the connection was lost do not count. */
  private round = 0;
  /** Of the next attempt where one may succeed later. */
  private timer = 0;
  private waiting: { devices: SubDevice<any>[]; done: (all: boolean) => void }[] = [];

  constructor(
    private readonly devices: { [id: string]: SubDevice<any> },
    private readonly atOnce: number,
    private readonly request: (devices: SubDevice<any>[]) => Promise<Reply>,
    private readonly tell: (device: SubDevice<any>, online: boolean, reason: string) => void,
  ) {}

  /** Logs devices on and keeps them so; resolves whether all are online, when all were tried. */
  add(devices: SubDevice<any>[]): Promise<boolean> {
    for (const device of devices) device.state = (device.state & ONLINE) | WANTED;
    if (!this.isUp) return Promise.resolve(false);
    let done!: (all: boolean) => void;
    const result = new Promise<boolean>((settle) => {
      done = settle;
    });
    this.waiting.push({ devices: devices, done: done });
    this.next();
    return result;
  }

  /** The gateway is logged on. */
  start(): void {
    this.isUp = true;
    this.round++;
    this.busy = false;
    for (const id in this.devices) this.devices[id].state &= WANTED;
    // From a fresh stack.
    setTimeout(() => this.next(), 1);
  }

  /** The gateway's connection is gone, and its sub-devices' sessions with it. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    if (!this.isUp) return;
    this.isUp = false;
    this.round++;
    for (const id in this.devices) {
      const device = this.devices[id];
      const was = device.status;
      device.state &= WANTED;
      if (was) this.tell(device, false, "gateway offline");
    }
    this.settle();
  }

  /** Tries all that are wanted and not online. */
  again(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    for (const id in this.devices) this.devices[id].state &= WANTED | ONLINE;
    this.next();
  }

  private next(): void {
    if (this.busy || !this.isUp) return;
    let some: SubDevice<any>[] = [];
    let alone: SubDevice<any> | undefined;
    for (const id in this.devices) {
      const device = this.devices[id];
      if ((device.state & (WANTED | ONLINE | TRIED | LATER)) !== WANTED) continue;
      if (device.state & ALONE) alone = device;
      else if (some.length < this.atOnce) some.push(device);
    }
    if (some.length === 0 && alone) some = [alone];
    if (some.length === 0) {
      this.settle();
      return;
    }
    this.busy = true;
    const round = this.round;
    this.request(some).then((reply) => {
      if (round !== this.round) return;
      this.busy = false;
      this.take(some, reply);
      this.next();
    });
  }

  private take(devices: SubDevice<any>[], reply: Reply): void {
    for (const device of devices) {
      // Meanwhile it may have been logged off.
      if (!(device.state & WANTED)) continue;
      if (reply.code === 200) {
        device.state = WANTED | ONLINE;
        this.tell(device, true, "");
      } else if (devices.length > 1 && reply.code >= 100) {
        device.state |= ALONE;
      } else {
        this.fail(device, reply);
      }
    }
  }

  private fail(device: SubDevice<any>, reply: Reply): void {
    const reason = "code " + reply.code + ": " + reply.message;
    logWarn("ali", device.id + " not logged on, " + reason);
    const passes = reply.code < 100 || PASSING.includes(reply.code);
    device.state |= passes ? LATER : TRIED;
    if (passes && !this.timer) this.timer = setTimeout(() => this.again(), RETRY_MS);
    this.tell(device, false, reason);
  }

  private settle(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const one of waiting) one.done(one.devices.every((device) => device.status));
  }
}
