/**
 * The one process that is all devices. The bench tells it what to do over IPC; it answers each order
 * once.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import { Device } from "./device.ts";

/** What the bench asks for. */
export type Order =
  /** So many devices are to be connected; never more than `rate` begin in a second. */
  | { kind: "connect"; host: string; port: number; devices: number; rate: number }
  /** Each device reports once in each period, evenly spread; so many periods. */
  | { kind: "report"; periodMs: number; periods: number }
  /** The first so many devices report again as soon as they have their answer. */
  | { kind: "saturate"; devices: number; ms: number };

export interface Outcome {
  posts: number;
  replies: number;
  /** From the first report to the last answer, or to the end of the time. */
  ms: number;
  /** From report to answer, milliseconds. */
  p50: number;
  p99: number;
  /** CPU of this process meanwhile, ms. */
  cpuMs: number;
}

/** Least time between two steps of a schedule, ms. */
const TICK_MS = 2;
/** Longest wait for the last answers, ms. */
const GRACE_MS = 5000;

const devices: Device[] = [];

async function connectAll(order: Extract<Order, { kind: "connect" }>): Promise<void> {
  const { host, port, rate } = order;
  const began = performance.now();
  const first = devices.length;
  const opening: Promise<void>[] = [];
  for (let index = first; index < order.devices; index++) {
    const early = began + ((index - first) * 1000) / rate - performance.now();
    if (early > TICK_MS) await pause(early);
    const open = Device.open(index, host, port).then((device) => {
      devices[index] = device;
    });
    // Whoever waits for all of them gets the error.
    open.catch(() => {});
    opening.push(open);
  }
  await Promise.all(opening);
}

async function report({ periodMs, periods }: Extract<Order, { kind: "report" }>): Promise<Outcome> {
  const tally = new Tally(devices);
  const total = devices.length * periods;
  const began = performance.now();
  while (tally.posts < total) {
    const due = Math.floor(((performance.now() - began) * devices.length) / periodMs);
    for (; tally.posts <= due && tally.posts < total; tally.posts++) {
      const device = devices[tally.posts % devices.length] as Device;
      if (device.waits) throw new Error("a device has had no answer within its period");
      device.post();
    }
    await pause(TICK_MS);
  }
  await pause(Math.max(0, began + periodMs * periods - performance.now()));
  return tally.end(performance.now() - began);
}

async function saturate(order: Extract<Order, { kind: "saturate" }>): Promise<Outcome> {
  const few = devices.slice(0, order.devices);
  const tally = new Tally(few);
  let isOver = false;
  for (const device of few) {
    const next = () => {
      tally.posts++;
      device.post();
    };
    tally.onward(device, () => {
      if (!isOver) next();
    });
    next();
  }
  const began = performance.now();
  await pause(order.ms);
  isOver = true;
  const replies = tally.replies;
  const ms = performance.now() - began;
  const outcome = await tally.end(ms);
  // Those that came in the time count.
  return { ...outcome, replies };
}

/** What has been sent and answered, and how fast. */
class Tally {
  posts = 0;
  readonly #devices: Device[];
  readonly #latencies: number[] = [];
  readonly #before = process.cpuUsage();

  constructor(devices: Device[]) {
    this.#devices = devices;
    for (const device of devices) this.onward(device, () => {});
  }

  get replies(): number {
    return this.#latencies.length;
  }

  /** Does something after each answer of a device. */
  onward(device: Device, next: () => void): void {
    device.onReply = (ms) => {
      this.#latencies.push(ms);
      next();
    };
  }

  /** Waits for the last answers. @param ms that the load took */
  async end(ms: number): Promise<Outcome> {
    const { user, system } = process.cpuUsage(this.#before);
    const until = performance.now() + GRACE_MS;
    const isOpen = ({ waits, unacknowledged }: Device) => waits || unacknowledged > 0;
    while (this.#devices.some(isOpen)) {
      if (performance.now() > until) throw new Error("reports have not been answered");
      await pause(10);
    }
    const sorted = Float64Array.from(this.#latencies).sort();
    const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
    const { posts, replies } = this;
    return { posts, replies, ms, p50: at(0.5), p99: at(0.99), cpuMs: (user + system) / 1000 };
  }
}

process.on("message", (order: Order) => {
  const done =
    order.kind === "connect"
      ? connectAll(order)
      : order.kind === "report"
        ? report(order)
        : saturate(order);
  done.then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
