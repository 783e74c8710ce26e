/**
 * The modem's way from the power key to an address, and back there after every failure. One state at
 * a time, one command of its own at a time; whatever goes wrong ends in `fail`, which asks the ladder
 * how hard to try. Time comes by `tick`.
 * @module
 */
import { logInfo, logWarn } from "../../debug/log.ts";
import type { CellularSettings, LinkIdentity } from "../link.ts";
import { ABORTED, type AtChannel, type AtCommand } from "./at.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { quectelA } from "./dialects/quectel-a.ts";
import { CONTEXT, Ladder, PAUSE, RADIO, RESTART } from "./ladder.ts";
import { FIRST, type Modem } from "./modem.ts";
import type { CellularOptions } from "./options.ts";
import { createPdp } from "./pdp.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { isAnswer } from "./registration.ts";
import { BOOT, OFF, ONLINE, PAUSED, PDP, REGISTER, SIM, UPGRADE } from "./states.ts";
import { Watch } from "./watch.ts";

/** Seconds. */
/** Between looks at what only time or a person can mend. */
const SLOW = 30;
/** Between looks during a pause. */
const GENTLE = 60;
/** Online without trouble for so long: the ladder starts from below again. */
const STABLE = 300;
/** A modem that starts says so several times. */
const SAME_START = 10;

const ACTIONS = ["", "", "context anew", "radio off and on", "restart", "a pause"];

/** What the lifecycle tells. */
export interface LifecycleEvents {
  /** Sockets can, or can no longer, be opened. */
  onOnline(online: boolean): void;
  /** All sockets of the modem are gone. */
  onLost(): void;
}

export class Lifecycle implements Modem {
  state = OFF;
  now = 0;
  dialect: Dialect = quectelA;
  settings: CellularSettings = {};
  readonly identity: LinkIdentity = {};
  readonly counters: { [name: string]: number } = {
    ups: 0,
    downs: 0,
    starts: 0,
    resets: 0,
    drifts: 0,
    contexts: 0,
    radios: 0,
    restarts: 0,
    pauses: 0,
  };
  readonly watch = new Watch(this);
  /** The last fault, for people. */
  fault = "";
  /** When the modem last sent anything. */
  heardAt = 0;
  simGone = false;
  /** Only until it is online. */
  private recovering: Recovery | undefined;
  private readonly ladder = new Ladder();
  /** Counts the states entered, so that an answer from an earlier one is not heard. */
  private epoch = 0;
  private since = 0;
  private busy = false;
  private nextAt = 0;
  private call: (() => void) | undefined;
  private started = false;
  private startedAt = -SAME_START;
  private pauseEnd = 0;
  private doubtAt = 0;
  /** Switched off; does not answer. */
  private isDown = false;
  private isSilent = false;

  constructor(
    readonly at: AtChannel,
    readonly options: CellularOptions,
    private readonly setBaud: (baud: number) => void,
    private readonly events: LifecycleEvents,
  ) {}

  /** Starts with what the settings say. */
  start(settings: CellularSettings): void {
    this.settings = settings;
    this.watch.registration.roaming = !!settings.roaming;
    if (this.state === OFF) this.recovery().boot(false);
  }

  /** Ends the sockets and leaves the modem as it is. */
  stop(): void {
    this.lose();
    this.enter(OFF);
    this.at.abort(ABORTED);
  }

  /** Lets another part do with the modem what it wants, until `resume`. */
  suspend(): void {
    this.lose();
    this.enter(UPGRADE);
  }

  resume(): void {
    this.recovery().boot(false);
  }

  ask(
    text: string,
    prefix: string,
    timeout: number,
    done: (result: number, lines: string[]) => void,
  ): void {
    const epoch = this.epoch;
    this.busy = true;
    this.at.send({
      text: "AT" + text,
      prefix: prefix || undefined,
      plain: !prefix,
      // A report begins as the answer does.
      accepts: prefix.endsWith("REG:") ? isAnswer : undefined,
      timeout: timeout,
      priority: FIRST,
      done: (result, lines) => {
        if (epoch !== this.epoch || result === ABORTED) return;
        this.busy = false;
        done(result, lines);
      },
    } as AtCommand);
  }

  later(seconds: number, call: () => void): void {
    this.pause(seconds);
    this.call = call;
  }

  pause(seconds: number): void {
    this.nextAt = this.now + seconds;
  }

  wait(why: string): void {
    this.pause(SLOW);
    this.since = this.nextAt;
    if (this.fault !== why) logWarn("modem", why);
    this.fault = why;
  }

  fail(level: number, why: string, behind = false): void {
    if (this.state === OFF || this.state === UPGRADE) return;
    this.fault = why;
    if (this.now >= this.pauseEnd) {
      const action = this.ladder.next(level, this.now);
      logWarn("modem", why + ": " + ACTIONS[action]);
      if (action !== PAUSE) {
        this.act(action);
        return;
      }
      this.counters.pauses++;
      this.pauseEnd = this.now + this.ladder.pause;
      // A failure behind the network may as well be the server's: one can wait for that online.
      if (behind) return;
    }
    this.lose();
    this.enter(PAUSED);
  }

  failBehind(level: number, why: string): void {
    if (this.state === ONLINE && this.now >= this.pauseEnd) this.fail(level, why, true);
  }

  doubt(): void {
    this.doubtAt = this.now;
  }

  works(): void {
    this.ladder.reset();
    this.pauseEnd = 0;
  }

  tick(now: number): void {
    this.now = now;
    const state = this.state;
    const started = this.started;
    this.started = false;
    if (state === OFF || state === UPGRADE) return;
    if (state === BOOT) {
      this.recovery().tick(started);
    } else if (started) this.restarted();
    else if (state === PAUSED) {
      // It may have recovered by itself.
      if (now - this.since > GENTLE) this.recovery().boot(now < this.pauseEnd);
    } else if (!this.busy && now >= this.nextAt) this.goOn(now - this.since);
  }

  private goOn(age: number): void {
    const call = this.call;
    this.call = undefined;
    if (call) call();
    else if (this.state === SIM) this.recovery().checkSim(age);
    else if (this.state === REGISTER) this.watch.checkRegistration(age);
    else if (this.state === ONLINE) {
      if (this.now - Math.max(this.since, this.doubtAt) > STABLE) this.works();
      this.watch.checkOnline();
    }
  }

  // What the modem reports by itself; these only take notes, or begin the next state.

  /** `RDY` and the like: all that it knew is gone. `sure`: it can't mean anything else. */
  hearStart(sure: boolean): void {
    const age = this.now - this.startedAt;
    if (age < (sure ? 2 : SAME_START)) return;
    if (this.state === BOOT || sure || this.state === ONLINE) {
      this.startedAt = this.now;
      this.started = true;
    }
  }

  /** It says that it goes off. */
  hearOff(): void {
    if (this.state === BOOT) this.recovery().goodBye();
    else {
      this.isDown = true;
      this.fail(RESTART, "modem went off");
    }
  }

  /** `+CPIN` and the like: present, or gone. */
  hearSim(present: boolean): void {
    if (!present && this.state > SIM && this.state <= ONLINE) {
      this.simGone = true;
      this.lose();
      this.enter(SIM);
    } else if (present && this.state === SIM) this.nextAt = 0;
  }

  hearRegistration(line: string): void {
    this.watch.registration.hear(line);
    if (this.state === REGISTER) this.nextAt = 0;
  }

  /** `pdpdeact`: the context's sockets are dead. */
  hearContextLost(): void {
    if (this.state === ONLINE) this.fail(CONTEXT, "context lost");
  }

  /** The channel got no answer to anything. */
  hearDead(): void {
    if (this.state === BOOT) return;
    this.isSilent = true;
    this.fail(RESTART, "modem does not answer");
  }

  private recovery(): Recovery {
    if (!this.recovering) this.recovering = createRecovery(this, this.setBaud);
    return this.recovering;
  }

  private act(action: number): void {
    const counters = this.counters;
    this.lose();
    if (action === CONTEXT) {
      counters.contexts++;
      this.enter(PDP);
      createPdp(this).begin(true);
    } else if (action === RADIO) {
      counters.radios++;
      this.watch.reset();
      this.recovery().radio();
    } else {
      counters.restarts++;
      const { isDown, isSilent } = this;
      this.isDown = this.isSilent = false;
      if (isDown) this.recovery().wentOff();
      else if (isSilent) this.recovery().cycle();
      else this.recovery().restart(this.ladder.isHard);
    }
  }

  /** It started by itself. */
  private restarted(): void {
    this.fault = "modem restarted";
    logWarn("modem", this.fault);
    this.counters.resets++;
    this.lose();
    this.enter(BOOT);
    this.at.abort(ABORTED);
    this.recovery().initialize();
  }

  begun(): void {
    this.startedAt = this.now;
    this.watch.reset();
  }

  connect(): void {
    this.enter(PDP);
    createPdp(this).begin(false);
  }

  online(address: string): void {
    this.identity.ip = address;
    this.fault = "";
    this.enter(ONLINE);
    this.recovering = undefined;
    this.counters.ups++;
    logInfo("modem", "online, " + address);
    this.events.onOnline(true);
  }

  lose(): void {
    if (this.state === ONLINE) {
      this.counters.downs++;
      this.events.onOnline(false);
    }
    this.events.onLost();
  }

  enter(state: number): void {
    this.state = state;
    this.epoch++;
    this.since = this.now;
    this.busy = false;
    this.call = undefined;
    this.nextAt = 0;
    if (state === REGISTER) this.watch.begin();
  }
}
