/**
 * The driver in Node on the simulated module, both on one clock that is driven by hand, and what an
 * interpreter does with its sockets.
 * @module
 */
import "../../device-globals.ts";
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  DrivenClock,
  MemoryNetwork,
  Modem,
  type ModemOptions,
  type Peer,
} from "../../../host/modem/index.ts";
import { setLogLevel } from "../../../src/debug/log.ts";
import { CellularLink } from "../../../src/link/cellular/link.ts";
import type { CellularSettings } from "../../../src/link/link.ts";
import { setLinkMemory } from "../../../src/link/memory.ts";

/** Milliseconds between two looks of the interpreter at its sockets. */
const IDLE = 5;

export interface Simulation {
  clock: DrivenClock;
  modem: Modem;
  network: MemoryNetwork;
  link: CellularLink;
  changes: boolean[];
  /** What passed the wire, `>` to the modem. */
  trace: string[];
  run(seconds: number): void;
  until(holds: () => boolean, seconds?: number): void;
}

/** The board's end of the serial port: bytes come in events of at most 64, at the next turn. */
class Port {
  private hear: (bytes: string) => void = () => {};

  constructor(
    clock: DrivenClock,
    private readonly modem: Modem,
  ) {
    modem.connect((bytes) => {
      for (let at = 0; at < bytes.length; at += 64) {
        const piece = bytes.slice(at, at + 64);
        clock.after(0, () => this.hear(piece));
      }
    });
  }

  setup(baud: number): void {
    this.modem.setHostBaud(baud);
  }

  write(bytes: string): void {
    void this.modem.receive(bytes);
  }

  on(_event: "data", listener: (bytes: string) => void): void {
    this.hear = listener;
  }
}

/** What the links keep, over several simulations if it is handed on. */
export type Kept = Record<string, object | undefined>;

export function simulate(
  context: TestContext,
  options: Partial<ModemOptions> = {},
  settings: CellularSettings = {},
  kept: Kept = {},
): Simulation {
  setLogLevel(process.env.MODEM_LOG ? "info" : "off");
  const clock = new DrivenClock();
  const network = new MemoryNetwork(clock);
  const trace: string[] = [];
  const modem = new Modem({
    clock,
    network,
    start: "off",
    trace: (direction, bytes) => {
      trace.push(`${(clock.now() / 1000) % 100000} ${direction} ${JSON.stringify(bytes)}`);
      if (trace.length > 400) trace.splice(0, 200);
    },
    ...options,
  });
  const cancels = new Map<number, () => void>();
  let ids = 0;
  class Pin {
    constructor(private readonly name: string) {}
    mode(): void {}
    read(): boolean {
      return modem.status;
    }
    write(level: boolean): void {
      if (this.name === "KEY") modem.powerKey(level);
      else if (this.name === "RESET") modem.resetPin(level);
    }
  }
  const { setTimeout, clearTimeout } = globalThis;
  const before = { setTimeout, clearTimeout, getTime: () => Date.now() / 1000 };
  Object.assign(globalThis, {
    global: globalThis,
    Serial2: new Port(clock, modem),
    Pin,
    getTime: () => clock.now() / 1000,
    setTimeout: (call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const id = ++ids;
      cancels.set(
        id,
        clock.after(ms, () => {
          cancels.delete(id);
          call(...args);
        }),
      );
      return id;
    },
    clearTimeout: (id: number) => cancels.get(id)?.(),
    print: (text: string) => console.log(text),
  });
  setLinkMemory(() => ({
    get: (kind) => kept[kind],
    put: (kind, value) => {
      kept[kind] = value;
      return true;
    },
  }));
  const link = new CellularLink({
    serial: "Serial2",
    urcPort: "uart1",
    powerKey: "KEY",
    reset: "RESET",
    status: "STATUS",
  });
  const changes: boolean[] = [];
  link.onChange((up) => changes.push(up));
  link.up({ cellular: settings });
  context.after(() => {
    link.down();
    Object.assign(globalThis, before);
  });
  const until = (holds: () => boolean, seconds = 120) => {
    const end = clock.now() + seconds * 1000;
    while (!holds()) {
      if (clock.now() > end)
        throw new Error(`not in ${seconds} s: ${holds}\n${trace.slice(-40).join("\n")}`);
      clock.run(IDLE);
    }
  };
  return {
    clock,
    modem,
    network,
    link,
    changes,
    trace,
    run: (seconds) => clock.run(seconds * 1000),
    until,
  };
}

/** One connection as the interpreter keeps it: looks at the driver at each turn. */
export class Client {
  readonly id: number;
  isOpen = false;
  isClosed = false;
  /** The driver's code at the end. */
  code = 0;
  received = "";
  private outgoing = "";
  private wantsClose = false;

  constructor(
    private readonly simulation: Simulation,
    host: string,
    port: number,
    options: object = {},
  ) {
    this.id = simulation.link.driver.create(host, port, 0, options);
    if (this.id < 0) this.finish(this.id);
    else simulation.clock.after(IDLE, () => this.turn());
  }

  write(bytes: string): void {
    this.outgoing += bytes;
  }

  end(): void {
    this.wantsClose = true;
  }

  /** What was received since the last call. */
  take(): string {
    const bytes = this.received;
    this.received = "";
    return bytes;
  }

  private turn(): void {
    const { driver } = this.simulation.link;
    const got = driver.recv(this.id, 536);
    if (typeof got === "number" && got !== -11) {
      driver.close(this.id);
      this.finish(got);
      return;
    }
    if (typeof got === "string") {
      assert.ok(got.length <= 536);
      this.isOpen = true;
      this.received += got;
      if (this.outgoing) {
        const sent = driver.send(this.id, this.outgoing.slice(0, 536));
        if (sent < 0) {
          driver.close(this.id);
          this.finish(sent);
          return;
        }
        this.outgoing = this.outgoing.slice(sent);
      }
      if (this.wantsClose && !this.outgoing) {
        driver.close(this.id);
        this.finish(0);
        return;
      }
    }
    this.simulation.clock.after(IDLE, () => this.turn());
  }

  private finish(code: number): void {
    this.code = code;
    this.isClosed = true;
  }
}

/** A server that keeps what it gets, by connection. */
export function collector(network: MemoryNetwork, host: string, port: number) {
  const connections: { peer: Peer; received: string; isClosed: boolean }[] = [];
  network.listen(host, port, (peer) => {
    const one = { peer, received: "", isClosed: false };
    connections.push(one);
    return {
      onData: (bytes) => {
        one.received += bytes;
      },
      onClose: () => {
        one.isClosed = true;
      },
    };
  });
  return connections;
}
