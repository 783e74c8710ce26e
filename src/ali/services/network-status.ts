/**
 * Reports the state of the device's network (`_thing/diag/post`), which the console shows as
 * "Network status".
 * @module
 */
import { link } from "../../link/index.ts";
import { timeOfDay } from "../../system/clock.ts";
import type { AliIot } from "../aliiot.ts";
import type { Port } from "../port.ts";
import type { Reply } from "../replies.ts";
import type { Service } from "../service.ts";

const PATH = "_thing/diag/post";
const PROBE = "/ext/network/probe/";
/** States kept while the device is offline: the newest. */
const MOST_KEPT = 12;

/** One state of the network; what is not known is left out. */
export interface NetworkValues {
  /** Signal, dBm. */
  rssi?: number;
  /** Signal to noise, dB. */
  snr?: number;
  /** Packets lost, per cent. */
  per?: number;
  /** Kinds of errors and their numbers, as the console is to show them. */
  err_stats?: string;
}

/**
 * Posts the state of the network when asked, and by itself every so often. States that fell due
 * while the device was offline are posted after the next log-on, with their times, once the clock is
 * set. The platform's latency probes are taken silently.
 * @public
 */
export class NetworkStatus implements Service {
  private readonly port: Port;
  private kept: object[] = [];
  private isOnline = false;

  /** `period`: seconds between posts, 60 at least; 0: only when asked. */
  constructor(
    server: AliIot<any>,
    private readonly period = 0,
  ) {
    if (period && !(period >= 60))
      throw new Error("NetworkStatus: a period of 60 s or more expected");
    this.port = server.port;
    this.port.attach(this);
    this.port.subscribe(this.port.topics.sys + PATH + "_reply");
    this.port.subscribe(PROBE + "+");
    if (period) setTimeout(onPeriod, period * 1000, this);
  }

  /**
   * Posts the state as it is now: what the link knows, and over it the values given. Resolves to the
   * platform's reply: code 200 on success, 460 for values that it does not take, below 100 why there
   * was none (`ali/codes`, `mqtt/error`).
   */
  post(values?: NetworkValues): Promise<Reply> {
    return this.port.call(PATH, {
      p: state(values),
      model: "format=simple|quantity=single|time=now",
    });
  }

  /** @internal */
  accept(topic: string): boolean {
    return topic.startsWith(PROBE);
  }

  /** @internal */
  online(): void {
    this.isOnline = true;
    if (!this.kept.length) return;
    this.port.call(PATH, { p: this.kept, model: "format=simple|quantity=batch|time=history" });
    this.kept = [];
  }

  /** @internal */
  offline(): void {
    this.isOnline = false;
  }

  /** @internal The timer's call. */
  onPeriod(): void {
    setTimeout(onPeriod, this.period * 1000, this);
    // Without a signal there is nothing to tell.
    if (link.signal().dbm === undefined) return;
    if (this.isOnline) this.post();
    else if (timeOfDay()) {
      this.kept.push(state(undefined));
      if (this.kept.length > MOST_KEPT) this.kept.shift();
    }
  }
}

/** That a modem's values stand under `cellular` is not confirmed by Ali's documents. */
function state(values: NetworkValues | undefined): object {
  const kind = link.identity().imei ? "cellular" : "wifi";
  const p: any = {};
  const time = timeOfDay();
  if (time) p._time = time;
  p[kind] = Object.assign({ rssi: link.signal().dbm }, values);
  return p;
}

function onPeriod(status: NetworkStatus): void {
  status.onPeriod();
}
