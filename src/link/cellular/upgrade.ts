/**
 * The upgrade of the modem's own firmware by address (Quectel DFOTA manual, QFOTADL). The modem
 * restarts several times meanwhile and must keep its power, so the lifecycle holds still. It counts
 * as done when the modem says that it runs the wanted version, whatever it reported before. Target
 * and number of attempts are in flash: the board may restart, too.
 * @module
 */
import { logInfo, logWarn } from "../../debug/log.ts";
import type { UpgradeListener } from "../link.ts";
import { ABORTED, OK } from "./at.ts";
import { ONLINE, UPGRADE } from "./states.ts";
import {
  FAILED,
  type HeldModem,
  judgeUrl,
  longestUpgrade,
  MOST_ATTEMPTS,
  readTarget,
  type UpgradeTarget,
  writeTarget,
} from "./upgrade-target.ts";

const REPORT = '+QIND: "FOTA",';
const MOST_REPORTS = 8;
/** Seconds. */
const COMMAND = 5;
const SOON = 10;
const PROBE_EVERY = 30;
/** Without a word of the upgrade: it is over, once it has said so, has restarted, or neither. */
const STALLED_ENDED = 60;
const STALLED_RESTARTED = 180;
const STALLED = 420;
/** After a start of the board: no answer at all for so long means that the modem is off. */
const OFF_AFTER = 300;

// What goes on.
const IDLE = 0;
/** Waits for the network, to begin. */
const PENDING = 1;
/** The modem has been told to, or may have been before the board's restart. */
const RUNNING = 2;

export interface ModemUpgrade {
  /** It has something to do. */
  readonly active: boolean;
  /** After a start of the board: goes on where it was; holds the lifecycle if there is a need. */
  begin(): void;
  /** As `Link.upgrade`. */
  start(url: string, version: string, listener: UpgradeListener): void;
  tick(): void;
  /** Hears what the modem reports; whether it was for this. */
  hear(line: string): boolean;
}

/** Makes one; the class is inside, because a method takes memory, and none is needed as a rule. */
export function createUpgrade(held: HeldModem): ModemUpgrade {
  class Upgrade implements ModemUpgrade {
    private stage = IDLE;
    private target: UpgradeTarget = { v: "", u: "", n: 0 };
    private listener: UpgradeListener | undefined;
    private reports: string[] = [];
    private reached = 0;
    private since = 0;
    private toldAt = 0;
    private nextAt = 0;
    private stalled = STALLED;
    private busy = false;
    /** The modem has answered or reported anything. */
    private alive = false;
    private overdue = false;
    private written = false;

    constructor(private readonly modem: HeldModem) {}

    get active(): boolean {
      return this.stage !== IDLE;
    }

    begin(): void {
      const target = readTarget();
      if (!target || target.n >= FAILED) return;
      logInfo("modem", "an upgrade to " + target.v + " had begun");
      this.target = target;
      this.watch();
      this.stalled = STALLED_RESTARTED;
      this.alive = false;
    }

    start(url: string, version: string, listener: UpgradeListener): void {
      if (this.stage && !this.listener && this.target.v === version) {
        // It went on by itself after a restart of the board; the platform has pushed it again.
        this.listener = listener;
        return;
      }
      const why = this.stage
        ? "an upgrade of the modem runs already"
        : judgeUrl(url, this.modem.identity.revision);
      if (why) {
        listener.done(why);
        return;
      }
      const last = readTarget();
      this.target = { v: version, u: url, n: last && last.v === version ? last.n : 0 };
      this.listener = listener;
      this.reached = this.nextAt = 0;
      this.busy = false;
      this.stage = PENDING;
    }

    tick(): void {
      const now = this.modem.now;
      while (this.stage === RUNNING && this.reports.length)
        this.take(this.reports.shift() as string);
      if (!this.stage || this.busy || now < this.nextAt) return;
      if (this.stage === PENDING) {
        if (this.modem.state === ONLINE) this.check(() => this.attempt());
        return;
      }
      const limit = longestUpgrade(this.modem.identity.revision);
      if (now - this.since > limit && !this.overdue) {
        // Its power may be what it needs most.
        this.overdue = true;
        this.tell("no end within " + limit / 60 + " minutes; the modem is left alone");
      }
      this.nextAt = now + (this.stalled === STALLED_ENDED ? SOON : PROBE_EVERY);
      this.probe();
    }

    hear(line: string): boolean {
      const isReport = line.startsWith(REPORT);
      const isHeard = this.stage === RUNNING && (isReport || line === "RDY");
      if (isHeard && this.reports.length < MOST_REPORTS) this.reports.push(line);
      return isReport;
    }

    /** A report: a stage, with its per cent or its error. */
    private take(line: string): void {
      this.alive = true;
      this.toldAt = this.modem.now;
      this.nextAt = this.toldAt + SOON;
      if (line === "RDY") {
        this.modem.at.abort(ABORTED);
        this.busy = false;
        if (this.stalled === STALLED) this.stalled = STALLED_RESTARTED;
        return;
      }
      const fields = line.substr(REPORT.length).split(",");
      const stage = fields[0].split('"').join("");
      const value = parseInt(fields.length > 1 ? fields[1] : "0", 10);
      if (stage === "DOWNLOADING") this.reach(2 + value * 0.38, "modem downloads");
      else if (stage === "START") this.reach(42, "modem updates");
      else if (stage === "UPDATING" || stage === "RESTORE") {
        this.written = true;
        this.reach(42 + value * 0.5, "modem updates");
      } else if (stage === "END") {
        if (value) this.fail("the modem refuses the package: error " + value, false);
        else {
          this.reach(94, "modem restarts");
          this.stalled = STALLED_ENDED;
        }
      } else if (stage.endsWith("END")) {
        if (value) this.fail("the modem's download failed: error " + value, true);
        else this.reach(40, "modem has downloaded");
      }
    }

    private reach(percent: number, text: string): void {
      percent = Math.floor(percent);
      if (!(percent > this.reached)) return;
      this.reached = percent;
      if (this.listener) this.listener.reach(percent, text);
    }

    private ask(text: string, done: (result: number, lines: string[]) => void): void {
      this.busy = true;
      this.modem.at.send({
        text: "AT" + text,
        plain: true,
        timeout: COMMAND,
        done: (result, lines) => {
          this.busy = false;
          if (result !== ABORTED) done(result, lines);
        },
      });
    }

    /** Asks what runs; calls back when it is not the target. */
    private check(otherwise: (running: string) => void): void {
      this.ask("+CGMR", (_result, lines) => {
        if (lines.indexOf(this.target.v) >= 0) this.succeed();
        else {
          this.ask("+QGMR", (_code, more) => {
            if (more.indexOf(this.target.v) >= 0) this.succeed();
            else otherwise(lines[0] || "an unknown version");
          });
        }
      });
    }

    private attempt(): void {
      const target = this.target;
      if (target.n >= MOST_ATTEMPTS) this.end("an upgrade to it has failed twice: not tried again");
      else {
        target.n++;
        if (!writeTarget(target)) this.end("the journal in flash can't be written");
        else {
          this.watch();
          this.reach(1, "modem is told");
          // Its own context, where it would want a second one.
          this.ask('+QCFG="fota/cid",1', () => {
            this.order(",1,5", (result) => {
              if (result === OK) this.reach(2, "modem begins");
              else this.fail("the modem refuses the order: result " + result, true);
            });
          });
        }
      }
    }

    /** Families differ in what may follow the address. */
    private order(more: string, done: (result: number) => void): void {
      this.ask('+QFOTADL="' + this.target.u + '"' + more, (result) => {
        if (result === OK || !more) done(result);
        else this.order("", done);
      });
    }

    /** With one of two parts written, the modem may be good for nothing but the same order again. */
    private repeat(why: string): void {
      this.written = false;
      this.toldAt = this.modem.now;
      this.order(",1,5", (result) => {
        if (result !== OK) this.fail(why, true);
        else {
          this.target.n++;
          writeTarget(this.target);
        }
      });
    }

    /** From here on nothing else commands the modem. */
    private watch(): void {
      this.modem.suspend();
      this.stage = RUNNING;
      this.reports = [];
      this.stalled = STALLED;
      this.busy = this.overdue = this.written = false;
      this.alive = true;
      this.since = this.toldAt = this.modem.now;
      this.nextAt = this.since + PROBE_EVERY;
    }

    /** Is it back, and what does it run? It may be busy, off, or in the middle of the upgrade. */
    private probe(): void {
      const quiet = this.modem.now - this.toldAt;
      this.ask("", (result) => {
        if (result !== OK) {
          if (!this.alive && quiet > OFF_AFTER) this.fail("the modem is off", true);
          return;
        }
        this.alive = true;
        if (this.stalled === STALLED && quiet < STALLED) return;
        this.check((running) => {
          if (quiet <= this.stalled) return;
          const why = "the modem runs " + running + ", not " + this.target.v;
          if (this.written && this.target.n < MOST_ATTEMPTS) this.repeat(why);
          else this.fail(why, true);
        });
      });
    }

    private succeed(): void {
      writeTarget(undefined);
      logInfo("modem", "runs " + this.target.v);
      this.end("");
    }

    private fail(why: string, mayHelp: boolean): void {
      logWarn("modem", "upgrade: " + why);
      if (mayHelp && this.target.n < MOST_ATTEMPTS) {
        this.stage = PENDING;
        this.nextAt = this.modem.now + PROBE_EVERY;
        this.modem.resume();
        return;
      }
      writeTarget({ v: this.target.v, u: "", n: FAILED });
      this.end(why);
    }

    private end(failure: string): void {
      this.stage = IDLE;
      if (this.modem.state === UPGRADE) this.modem.resume();
      this.tell(failure);
    }

    private tell(failure: string): void {
      const listener = this.listener;
      this.listener = undefined;
      if (listener) listener.done(failure);
    }
  }

  return new Upgrade(held);
}
