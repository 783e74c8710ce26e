/**
 * The modem's way from the power key to an address, and back there after every failure. One state at
 * a time, one command of its own at a time; whatever goes wrong ends in `fail`, which asks the ladder
 * how hard to try. Time comes by `tick`.
 * @module
 */
import { logInfo, logWarn } from "../../debug/log.ts";
import type { CellularSettings, LinkIdentity } from "../link.ts";
import { ABORTED, type AtChannel } from "./at.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { quectelA } from "./dialects/quectel-a.ts";
import { CONTEXT, Ladder, PAUSE, RADIO, RESTART } from "./ladder.ts";
import type { LifecycleEvents, Modem } from "./modem.ts";
import type { CellularOptions } from "./options.ts";
import { createPdp } from "./pdp.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { BOOT, OFF, ONLINE, PAUSED, PDP, REGISTER, SIM, UPGRADE } from "./states.ts";
import { Steps } from "./steps.ts";
import { Watch } from "./watch.ts";

/** Seconds between looks at what only time or a person can mend. */
const SLOW = 30;
/** The same during a pause. */
const GENTLE = 60;
/** Online without trouble for so long: the ladder starts from below again. */
const STABLE = 300;
/** A modem that starts says so several times. */
const SAME_START = 10;

// What the modem reports, by weight.
export const NO_CONTEXT = 1;
const NO_SIM = 2;
export const SILENT = 3;
export const WENT_OFF = 4;
const STARTED = 5;

export class Lifecycle extends Steps implements Modem {
  dialect: Dialect = quectelA;
  settings: CellularSettings = {};
  readonly identity: LinkIdentity = {};
  readonly counters: { [name: string]: number } = {
    ups: 0,
    downs: 0,
    starts: 0,
    restarts: 0,
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
  private startedAt = -SAME_START;
  private pauseEnd = 0;
  private doubtAt = 0;
  /** What servers that can't be reached ask for, and why. */
  private behind = 0;
  private behindWhy = "";
  /** When something may be done about it again. */
  private behindFrom = 0;
  /** Heard since the last tick; why a restart is needed. */
  private news = 0;
  private cause = 0;

  constructor(
    at: AtChannel,
    readonly options: CellularOptions,
    private readonly setBaud: (baud: number) => void,
    private readonly events: LifecycleEvents,
  ) {
    super(at);
  }

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
      const actions = ["context anew", "radio off and on", "restart", "a pause"];
      logWarn("modem", why + ": " + actions[action - CONTEXT]);
      if (action !== PAUSE) {
        this.act(action);
        return;
      }
      this.count("pauses");
      const end = this.now + this.ladder.pause;
      if (behind) {
        // It may as well be the server's: one can wait for that online.
        this.behindFrom = end;
        return;
      }
      this.pauseEnd = end;
    }
    this.lose();
    this.enter(PAUSED);
  }

  failBehind(level: number, why: string): void {
    this.behind = Math.max(this.behind, level);
    this.behindWhy = why;
  }

  doubt(): void {
    this.doubtAt = this.now;
  }

  works(): void {
    this.ladder.reset();
    this.pauseEnd = this.behind = this.behindFrom = 0;
  }

  tick(now: number): void {
    this.now = now;
    const state = this.state;
    const news = this.news;
    this.news = 0;
    if (state === OFF || state === UPGRADE) return;
    if (state === BOOT) {
      if (news === WENT_OFF) this.recovery().goodBye();
      this.recovery().tick(news === STARTED);
    } else if (news) this.learn(news);
    else if (this.behind && state === ONLINE && now >= this.behindFrom) {
      this.fail(this.behind, this.behindWhy, true);
      this.behind = 0;
    } else if (state === PAUSED) {
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
      this.hear(STARTED);
    }
  }

  /** Of what comes between two ticks the weightiest counts. */
  hear(news: number): void {
    this.news = Math.max(this.news, news);
  }

  /** `+CPIN` and the like: present, or gone. */
  hearSim(present: boolean): void {
    if (!present) this.hear(NO_SIM);
    else if (this.state === SIM) this.nextAt = 0;
  }

  hearRegistration(line: string): void {
    this.watch.registration.hear(line);
    if (this.state === REGISTER) this.nextAt = 0;
  }

  private learn(news: number): void {
    const state = this.state;
    if (news === STARTED) this.restarted();
    else if (news === NO_CONTEXT) {
      if (state === ONLINE) this.fail(CONTEXT, "context lost");
    } else if (news === NO_SIM) {
      if (state <= SIM || state > ONLINE) return;
      this.simGone = true;
      this.lose();
      this.enter(SIM);
    } else {
      this.cause = news;
      this.fail(RESTART, news === WENT_OFF ? "modem went off" : "modem does not answer");
    }
  }

  private recovery(): Recovery {
    if (!this.recovering) this.recovering = createRecovery(this, this.setBaud);
    return this.recovering;
  }

  private act(action: number): void {
    this.lose();
    if (action === CONTEXT) {
      this.count("contexts");
      this.enter(PDP);
      createPdp(this).begin(true);
    } else if (action === RADIO) {
      this.count("radios");
      this.watch.reset();
      this.recovery().radio();
    } else {
      this.count("restarts");
      const cause = this.cause;
      this.cause = 0;
      if (cause === WENT_OFF) this.recovery().wentOff();
      else if (cause) this.recovery().cycle();
      else this.recovery().restart(this.ladder.isHard);
    }
  }

  /** It started by itself. */
  private restarted(): void {
    this.fault = "modem restarted";
    logWarn("modem", this.fault);
    this.count("resets");
    this.lose();
    this.enter(BOOT);
    this.at.abort(ABORTED);
    this.recovery().initialize();
  }

  count(what: string, more = 1): void {
    this.counters[what] = (this.counters[what] || 0) + more;
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
    this.count("ups");
    logInfo("modem", "online, " + address);
    this.events.onOnline(true);
  }

  lose(): void {
    if (this.state === ONLINE) {
      this.count("downs");
      this.events.onOnline(false);
    }
    this.events.onLost();
  }

  override enter(state: number): void {
    super.enter(state);
    this.behind = 0;
    if (state === REGISTER) this.watch.begin();
  }
}
