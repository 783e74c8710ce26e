/**
 * The simulated module as a whole: power, pins, boot, serial port, faults.
 * @module
 */

import { seededRandom } from "../faults/random.ts";
import { type ModemClock, RealClock, Timers } from "./clock.ts";
import { commands } from "./commands/index.ts";
import type { Family } from "./families/family.ts";
import { familyOf } from "./families/index.ts";
import { FaultEngine, type FaultRecord, type FaultWhen } from "./faults/engine.ts";
import { Hooks } from "./hooks.ts";
import type { Kernel } from "./kernel.ts";
import type { ModemNetwork } from "./network/network.ts";
import { RealNetwork } from "./network/real-network.ts";
import { freshNvram, type Nvram } from "./nvram.ts";
import type { FaultPlan, ModemOptions } from "./options.ts";
import { PowerKeys } from "./power-keys.ts";
import { SimCard } from "./sim-card.ts";
import { type Board, System } from "./system.ts";
import { type Timing, usualTiming } from "./timing.ts";
import { Uart } from "./uart.ts";
import { Upgrader } from "./upgrade.ts";

/** What the module is doing. `deaf` writes its own firmware; `bricked` will not come back. */
export type PowerState = "off" | "booting" | "running" | "deaf" | "bricked";

/** A simulated cellular module with AT commands on a serial port. */
export class Modem {
  readonly family: Family;
  readonly clock: ModemClock;
  readonly network: ModemNetwork;
  readonly timing: Timing;
  readonly nvram: Nvram;
  readonly hooks = new Hooks();
  readonly uart: Uart;
  readonly random: () => number;
  /** How often it booted. */
  boots = 0;
  /** Its software, while that runs. */
  system: System | undefined;
  /** Hears each change of `status`. */
  onStatus: (on: boolean) => void = () => {};
  private state: PowerState = "off";
  private readonly timers: Timers;
  private readonly upgrader: Upgrader;
  private readonly faults: FaultEngine;
  private readonly board: Board;
  private hasSupply = true;
  /** Counts ends of what ran. */
  private life = 0;
  private powerWasLost = false;
  private readonly keys: PowerKeys;
  private kernel: Kernel;

  constructor(readonly options: ModemOptions = {}) {
    this.family = familyOf(options.family ?? "EC600N");
    this.clock = options.clock ?? new RealClock();
    this.network = options.network ?? new RealNetwork();
    this.timing = { ...usualTiming, ...options.timing };
    this.nvram = freshNvram(options, this.family.revision);
    this.random = seededRandom(options.seed ?? 1);
    this.timers = new Timers(this.clock);
    this.uart = new Uart(
      this.clock,
      options.paced ?? false,
      (bytes) => this.system?.receive(bytes),
      (bytes) => options.trace?.("<", bytes),
    );
    this.board = {
      restart: () => this.restart(),
      powerOff: (notice) => this.switchOff(notice),
      setBaud: (baud) => {
        this.clock.after(0, () => {
          this.uart.baud = baud;
        });
      },
      find: (name) => commands.get(name),
      upgrade: (request) => this.upgrader.begin(request),
      upgradeKind: () => Upgrader.kindOf(this.kernel),
    };
    this.upgrader = new Upgrader({
      kernel: () => this.kernel,
      tell: (line) => {
        if (this.system) this.kernel.urc(line);
        else this.uart.write(`\r\n${line}\r\n`);
      },
      restart: () => this.restart(),
    });
    this.keys = new PowerKeys(this.clock, this.family.keys, {
      isOff: () => this.power === "off",
      hasSupply: () => this.hasSupply,
      switchOn: () => this.boot(),
      switchOff: () => this.switchOff("NORMAL POWER DOWN"),
      reset: () => {
        this.powerWasLost = true;
        this.uart.clear();
        this.restart();
      },
    });
    this.kernel = this.makeKernel();
    this.faults = new FaultEngine(this, options.faults);
    if (options.start === "ready") this.startAtOnce();
    else if (options.start !== "off") this.boot();
  }

  /** Bytes from the host, as a byte string. In real time the promise ends when the wire is free. */
  receive(bytes: string): void | Promise<void> {
    this.options.trace?.(">", bytes);
    const ms = this.uart.receive(bytes);
    if (ms <= 0 || !(this.clock instanceof RealClock)) return;
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }

  /** Says where bytes to the host go. */
  connect(send: (bytes: string) => void): void {
    this.uart.connect(send);
  }

  get power(): PowerState {
    return this.state;
  }

  set power(state: PowerState) {
    const was = this.status;
    this.state = state;
    if (this.status !== was) this.onStatus(this.status);
  }

  /** The STATUS pin: high while the module is on. */
  get status(): boolean {
    return this.power !== "off" && this.power !== "bricked";
  }

  /** PWRKEY: low for long enough switches on or off, once until it is high again. */
  powerKey(low: boolean): void {
    this.keys.powerKey(low);
  }

  /** RESET_N: low for long enough, then high, restarts. */
  resetPin(low: boolean): void {
    this.keys.reset(low);
  }

  /** Supply on or off: off takes everything at once. */
  supply(on: boolean): void {
    if (on === this.hasSupply) return;
    this.hasSupply = on;
    if (on) {
      if (this.options.powerKeyTied || this.keys.keyIsLow) this.boot();
      return;
    }
    this.keys.supplyLost();
    this.powerWasLost = true;
    this.nvram.clockOffset = undefined;
    this.uart.clear();
    this.stop();
    this.power = "off";
  }

  /** Bits per second at the host's side; until it is said, they are always right. */
  setHostBaud(baud: number): void {
    this.uart.hostBaud = baud;
  }

  /** Lets a fault happen: now, or as `when` says. Throws an error when there is none of this name. */
  inject(name: string, when?: FaultWhen): void {
    this.faults.inject(name, when);
  }

  /** Takes back every fault that is prepared or lasts. */
  heal(): void {
    this.faults.heal();
  }

  /** Faults that happened so far. */
  get faultLog(): readonly FaultRecord[] {
    return this.faults.log;
  }

  /** Draws faults from now on, as `options.faults` does from the start on. */
  drawFaults(plan: FaultPlan): void {
    this.faults.draw(plan);
  }

  /** Stops the drawing of faults. */
  stopFaults(): void {
    this.faults.stop();
  }

  /** Boots, when it is off and has supply. */
  switchOn(): void {
    if (this.power === "off" && this.hasSupply) this.boot();
  }

  /** Restarts the software, as after a crash. */
  restart(): void {
    if (!this.hasSupply) return;
    this.stop();
    this.power = "booting";
    this.timers.after(this.timing.restart, () => this.boot());
  }

  /** Goes off, with a line before or without one. */
  switchOff(notice: string | undefined): void {
    if (this.power === "off") return;
    if (notice !== undefined && this.power !== "booting") this.uart.write(`\r\n${notice}\r\n`);
    if (this.power === "deaf") this.powerWasLost = true;
    this.stop();
    this.power = "off";
    if (this.options.powerKeyTied && this.hasSupply) {
      this.timers.after(this.timing.restart, () => this.boot());
    }
  }

  /** Ends all connections and timers; nothing happens any more. */
  close(): void {
    this.faults.stop();
    this.stop();
    this.hasSupply = false;
    this.power = "off";
    this.uart.connect(() => {});
  }

  private stop(): void {
    this.life++;
    this.upgrader.interrupted();
    this.system?.dropAll();
    this.system = undefined;
    this.timers.cancelAll();
  }

  private boot(): void {
    this.stop();
    if (this.power === "bricked") return;
    this.power = "booting";
    this.boots++;
    this.kernel = this.makeKernel();
    this.uart.baud = this.nvram.baud;
    SimCard.powerDown(this.nvram.card);
    const delay = this.hooks.value.ask("boot") ?? this.timing.rdy;
    this.timers.after(Number(delay), () => this.ready());
  }

  private ready(): void {
    const { powerWasLost } = this;
    this.powerWasLost = false;
    if (this.hooks.value.ask("rdy") === undefined) this.uart.write("\r\nRDY\r\n");
    const kind = this.upgrader.start(powerWasLost);
    if (kind === "bricked" || kind === "deaf") {
      this.power = kind;
      return;
    }
    this.power = "running";
    this.system = new System(this.kernel, this.board);
    if (kind === "mini") {
      this.system.isMini = true;
      return;
    }
    const { cfun } = this.timing;
    this.kernel.after(cfun, () => {
      this.kernel.urc("+CFUN: 1");
      this.system?.sim.start();
    });
    if (this.family.appReady) this.kernel.after(cfun * 2, () => this.kernel.urc("APP RDY"));
  }

  /** Has been on for a while. */
  private startAtOnce(): void {
    this.boots++;
    this.power = "running";
    this.kernel = this.makeKernel();
    this.system = new System(this.kernel, this.board);
    this.system.sim.start(true);
    if (this.system.sim.isReady) this.system.radio.start(true);
  }

  private makeKernel(): Kernel {
    const { clock, network, family, timing, options, nvram, hooks, random } = this;
    const life = this.life;
    const isAlive = () => life === this.life;
    return {
      clock,
      network,
      family,
      timing,
      options,
      nvram,
      hooks,
      random,
      // What belongs to an earlier start finds neither timers nor a port.
      after: (ms, call) => (isAlive() ? this.timers.after(ms, call) : () => {}),
      write: (bytes) => {
        if (isAlive()) this.uart.write(bytes);
      },
      urc: (line, data = "") => {
        const text = this.hooks.urc.ask(line) ?? line;
        const { urcport } = this.nvram;
        if (text === "" || (urcport !== (options.port ?? "uart1") && urcport !== "all")) return;
        if (isAlive()) this.system?.executor.urc(text, data);
      },
    };
  }
}
