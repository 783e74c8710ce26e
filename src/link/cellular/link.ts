/**
 * A Quectel modem on a serial port as a link. The port's bytes go to the AT channel, the sockets are
 * the interpreter's network (`driver`), and one timer, every 100 ms, drives it all.
 * @module
 */
import type {
  CellularSettings,
  Link,
  LinkIdentity,
  LinkSettings,
  LinkState,
  Signal,
  UpgradeListener,
} from "../link.ts";
import { AtChannel } from "./at.ts";
import { ModemClock } from "./clock.ts";
import { Lifecycle } from "./lifecycle.ts";
import { type CellularOptions, checkSettings } from "./options.ts";
import { BAUD } from "./power.ts";
import { Sockets } from "./sockets.ts";
import { BOOT, INIT, OFF, ONLINE, PDP, RECOVER, REGISTER, UPGRADE } from "./states.ts";
import { createTls, type ModemTls } from "./tls.ts";
import { createUpgrade, type ModemUpgrade } from "./upgrade.ts";
import { isUnderWay } from "./upgrade-target.ts";
import { Reports } from "./urc.ts";

/** Milliseconds. */
const TICK = 100;
/** A longer step, s, is a clock that was set or a busy interpreter, and is not counted. */
const LONGEST_STEP = 5;

function nameOf(state: number): LinkState {
  switch (state) {
    case OFF:
      return "off";
    case BOOT:
    case INIT:
    case RECOVER:
      return "starting";
    case REGISTER:
      return "searching";
    case PDP:
      return "connecting";
    case ONLINE:
      return "up";
    case UPGRADE:
      return "upgrading";
  }
  // SIM, PAUSED
  return "waiting";
}

export class CellularLink implements Link {
  isUp = false;
  readonly driver: Sockets;
  readonly lifecycle: Lifecycle;
  readonly reports = new Reports();
  private readonly at: AtChannel;
  private readonly clock: ModemClock;
  private tls: ModemTls | undefined;
  /** Number of the modem's start for which its TLS is ready. */
  private securedFor = -1;
  private upgrader: ModemUpgrade | undefined;
  private readonly serial: EspruinoSerial;
  private listeners: ((up: boolean) => void)[] = [];
  private path: string | undefined;
  private isOpen = false;
  private timer = 0;
  private now = 0;
  private seen = 0;

  constructor(private readonly options: CellularOptions) {
    this.serial = global[options.serial];
    this.at = new AtChannel(this.serial, this.reports);
    this.lifecycle = new Lifecycle(this.at, options, (baud) => this.setBaud(baud), this);
    this.driver = new Sockets(this.lifecycle);
    this.reports.lifecycle = this.lifecycle;
    this.reports.sockets = this.driver;
    this.clock = new ModemClock(this.lifecycle);
    this.reports.others = (line) =>
      (!!this.upgrader && this.upgrader.hear(line)) || this.clock.hear(line);
    this.driver.opener.prepareTls = (done) => this.secure(done);
    this.tick = this.tick.bind(this);
  }

  up(settings: LinkSettings): void {
    const cellular: CellularSettings = checkSettings(settings.cellular);
    if (this.timer) return;
    this.path = cellular.port || this.options.path;
    this.setBaud(BAUD);
    if (!this.isOpen) {
      this.isOpen = true;
      this.serial.on("data", (bytes) => {
        this.lifecycle.heardAt = this.now;
        this.at.feed(bytes);
      });
    }
    this.seen = getTime();
    this.timer = setTimeout(this.tick, TICK);
    this.driver.encrypts = cellular.tls !== "interpreter";
    this.lifecycle.start(cellular);
    if (isUnderWay()) this.makeUpgrader().begin();
  }

  down(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    this.lifecycle.stop();
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  get state(): LinkState {
    return nameOf(this.lifecycle.state);
  }

  get counters(): { [name: string]: number } {
    return Object.assign({}, this.lifecycle.counters, this.at.counters);
  }

  /** The modem is watched anyhow. */
  look(): void {}

  signal(): Signal {
    const dbm = this.lifecycle.watch.dbm || undefined;
    let bars = 0;
    if (dbm !== undefined) for (const least of [-109, -95, -85, -75]) if (dbm >= least) bars++;
    return { dbm: dbm, bars: bars };
  }

  identity(): LinkIdentity {
    const identity = this.lifecycle.identity;
    if (this.lifecycle.watch.registration.cell)
      identity.cell = this.lifecycle.watch.registration.cell;
    return identity;
  }

  time(): number | undefined {
    return this.clock.time();
  }

  upgrade(url: string, version: string, listener: UpgradeListener): void {
    this.makeUpgrader().start(url, version, listener);
  }

  describe(): string {
    const life = this.lifecycle;
    const { operator, ip } = life.identity;
    if (!this.isUp) return "modem " + this.state + (life.fault ? ": " + life.fault : "");
    return (
      "modem, " +
      (operator ? operator + ", " : "") +
      ip +
      (life.watch.dbm ? ", " + life.watch.dbm + " dBm" : "")
    );
  }

  /** From the lifecycle: sockets can, or can no longer, be opened. */
  onOnline(online: boolean): void {
    this.driver.setUp(online);
    this.isUp = online;
    for (const listener of this.listeners) listener(online);
  }

  /** From the lifecycle: all sockets of the modem are gone. */
  onLost(): void {
    this.driver.lose();
  }

  private makeUpgrader(): ModemUpgrade {
    if (!this.upgrader) this.upgrader = createUpgrade(this.lifecycle);
    return this.upgrader;
  }

  /** Makes the modem's TLS ready, once for each of its starts. */
  private secure(done: (ready: boolean) => void): void {
    const { counters } = this.lifecycle;
    if (this.securedFor === counters.starts) {
      done(true);
      return;
    }
    if (!this.tls) {
      this.tls = createTls(this.lifecycle, this.clock, this.driver.opener.tlsContext);
    }
    this.tls.prepare((ready) => {
      this.tls = undefined;
      if (ready) this.securedFor = counters.starts;
      done(ready);
    });
  }

  private setBaud(baud: number): void {
    const { rx, tx } = this.options;
    this.serial.setup(baud, this.options.path ? { path: this.path } : { rx: rx, tx: tx });
  }

  /** Armed anew each time: an interval would catch up after a busy time. */
  private tick(): void {
    this.timer = setTimeout(this.tick, TICK);
    const seen = getTime();
    const step = seen - this.seen;
    this.seen = seen;
    if (step > 0 && step < LONGEST_STEP) this.now += step;
    this.at.tick(this.now);
    this.lifecycle.tick(this.now);
    this.driver.tick();
    if (this.isUp) this.clock.tick();
    if (this.upgrader) {
      this.upgrader.tick();
      if (!this.upgrader.active) this.upgrader = undefined;
    }
  }
}

/** The link of a board whose modem is wired so. */
export function createCellularLink(options: CellularOptions): CellularLink {
  return new CellularLink(options);
}
