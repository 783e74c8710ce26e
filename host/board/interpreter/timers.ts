/**
 * Timers as the interpreter counts them: ids from 1, intervals that catch up, times relative to the
 * idle loop's last turn so that `setTime` moves neither of them.
 * @module
 */
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";

interface Timer {
  id: number;
  /** When it is due, in the host's milliseconds. */
  due: number;
  /** Milliseconds between calls; undefined for a one-shot. */
  interval: number | undefined;
  callback: Value;
  args: Value[];
}

/** The timers of one run of the interpreter. */
export class Timers {
  private timers: Timer[] = [];
  private nextId = 1;
  /** Whether a timer came or went since this was last looked at. */
  private changed = false;

  constructor(private readonly core: Core) {
    const { realm } = core;
    const start =
      (repeat: boolean) =>
      (_self: Value, callback: Value, delay: Value, ...args: Value[]) => {
        if (typeof callback !== "function" && typeof callback !== "string")
          realm.throw("Error", "Function or String not supplied!");
        let ms = Number(delay);
        if (!(ms >= 1)) ms = repeat ? 1 : Math.max(ms || 0, 0);
        const timer: Timer = {
          id: this.nextId++,
          due: core.host.now() + ms,
          interval: repeat ? ms : undefined,
          callback,
          args,
        };
        this.timers.push(timer);
        this.changed = true;
        return timer.id;
      };
    const clear =
      (name: string) =>
      (_self: Value, ...args: Value[]) => {
        this.changed = true;
        if (args.length === 0) this.timers = [];
        else if (args[0] === undefined)
          realm.throw("Error", `${name}(undefined) not allowed. Use ${name}() instead`);
        else this.timers = this.timers.filter((timer) => timer.id !== args[0]);
      };
    realm.define(realm.global, {
      setTimeout: start(false),
      setInterval: start(true),
      clearTimeout: clear("clearTimeout"),
      clearInterval: clear("clearInterval"),
      changeInterval: (_self, id, ms) => {
        const timer = this.timers.find((candidate) => candidate.id === id);
        if (!timer) return realm.throw("Error", "Unknown Interval");
        timer.due = core.host.now() + Number(ms);
        if (timer.interval !== undefined) timer.interval = Math.max(Number(ms), 1);
      },
    });
  }

  /**
   * Calls what is due, each once, in the order of their making; when the list changes meanwhile it is
   * gone through again. True when something was due.
   */
  run(): boolean {
    const now = this.core.host.now();
    let ran = false;
    do {
      this.changed = false;
      for (const timer of [...this.timers]) {
        if (timer.due > now) continue;
        ran = true;
        this.fire(timer);
        if (this.changed) break;
      }
    } while (this.changed);
    return ran;
  }

  private fire(timer: Timer): void {
    const { core } = this;
    const done = core.call(timer.callback, core.realm.global, timer.args);
    // An interval may have been changed, or cleared, by its own call.
    if (timer.interval !== undefined && done) {
      timer.due += timer.interval;
      return;
    }
    this.timers = this.timers.filter((other) => other !== timer);
    if (timer.interval === undefined) return;
    core.flag("CALLBACK");
    core.print("ERROR: Ctrl-C while processing interval - removing it.\n");
  }

  /** Host time at which the next one is due; Infinity without timers. */
  get next(): number {
    return this.timers.reduce(
      (least, timer) => Math.min(least, timer.due),
      Number.POSITIVE_INFINITY,
    );
  }

  /** A jump of the clock that the timers take part in, in milliseconds (SNTP, not `setTime`). */
  shift(ms: number): void {
    for (const timer of this.timers) timer.due -= ms;
  }

  get count(): number {
    return this.timers.length;
  }
}
