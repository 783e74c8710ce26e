/**
 * The firmware on the real interpreter, whose process is killed again and again while it updates
 * itself: it always comes back with the old or the new version, and every update gets done.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import type { BuildResult } from "../../host/build/index.ts";
import { seededRandom } from "../../host/faults/random.ts";
import { Bench, type NamedInterpreter, UPDATE_MS } from "./interpreters.ts";

/** Kills of one update at the most. */
const MOST_KILLS = 6;
/** A new image is given so many starts; after that a failure is what has to come. */
const TRIAL_STARTS = 3;
/** How long the moment that is waited for may take to come, ms. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 5;

/** When the power goes: a time after the console shows something, ms; shares are of all kills. */
const MOMENTS = [
  { share: 0.5, after: /GET \S+ from byte/, within: 900 },
  { share: 0.15, after: /is complete and starts/, within: 1800 },
  { share: 0.15, after: /image is on trial/, within: 150 },
  { share: 0.2, after: /^/, within: 3500 },
];
/** Share of the starts that are killed at once again, and within which time, ms. */
const EARLY_SHARE = 0.2;
const EARLY_MS = 400;

/** What the console shows last tells what the board was at. */
const PHASES = [
  { name: "starting", sign: "board: " },
  { name: "loading", sign: " from byte " },
  { name: "armed", sign: "is complete and starts" },
  { name: "on trial", sign: "image is on trial" },
  { name: "confirmed", sign: "image is confirmed" },
];

export interface Kills {
  kills: number;
  updates: number;
  /** What the board was at when it was killed. */
  phases: Record<string, number>;
  /** Downloads that went on where they were. */
  resumed: number;
  /** Pushed again, the image's three starts having been killed. */
  again: number;
}

export interface KillsOptions {
  build: BuildResult;
  interpreter: NamedInterpreter;
  kills: number;
  seed: number;
}

/** Throws an Error that says which update did not come back as it has to. */
export async function runKills(options: KillsOptions): Promise<Kills> {
  const bench = await Bench.open(options.build, options.interpreter);
  const killer = new Killer(bench, options.kills, options.seed);
  try {
    await killer.run();
  } catch (error) {
    const { kills } = killer.result;
    throw new Error(`kill ${kills}, seed ${options.seed}: ${(error as Error).message}`);
  } finally {
    await bench.close();
  }
  return killer.result;
}

class Killer {
  readonly result: Kills = { kills: 0, updates: 0, phases: {}, resumed: 0, again: 0 };
  readonly #random: () => number;
  /** Kills since the present image waited for its trial. */
  #late = 0;
  #old = "1.0.0";
  #new = "1.0.0";

  constructor(
    private readonly bench: Bench,
    private readonly wanted: number,
    seed: number,
  ) {
    this.#random = seededRandom(seed);
  }

  async run(): Promise<void> {
    await this.bench.powerOn();
    while (this.result.kills < this.wanted) {
      this.result.updates++;
      this.#new = `1.${100 + this.result.updates}.0`;
      await this.#update();
      this.#old = this.#new;
    }
  }

  /** One update, killed several times; pushed again only where three killed trials undid it. */
  async #update(): Promise<void> {
    const { bench } = this;
    let left = 1 + Math.floor(this.#random() * MOST_KILLS);
    for (;;) {
      this.#late = 0;
      const job = await bench.push(this.#new);
      const end = bench.finished(job, UPDATE_MS + MOST_KILLS * PATIENCE_MS);
      // Handled below, where it is awaited.
      end.catch(() => {});
      while (left > 0 && this.result.kills < this.wanted) {
        left--;
        if ((await this.#strike(end)) === "over") break;
      }
      const task = await end;
      const told = await bench.settled(this.#new);
      this.#look();
      if (task.status === "SUCCEEDED" && told.version === this.#new) return;
      if (this.#late < TRIAL_STARTS) {
        throw new Error(`${this.#new} is ${task.status} (${task.desc}), ${told.version} runs`);
      }
      this.result.again++;
    }
  }

  /** Kills at a moment that chance chooses, unless the update ends before. */
  async #strike(end: Promise<unknown>): Promise<"over" | undefined> {
    const over = await this.#moment(end);
    if (over) return over;
    await this.#kill();
    while (this.#random() < EARLY_SHARE && this.result.kills < this.wanted) {
      await this.bench.begin();
      await pause(this.#random() * EARLY_MS);
      await this.#kill();
    }
    const version = await this.bench.powerOn();
    if (version === this.#old || version === this.#new) return undefined;
    throw new Error(`version ${version} runs, expected ${this.#old} or ${this.#new}`);
  }

  async #moment(end: Promise<unknown>): Promise<"over" | undefined> {
    let share = this.#random();
    const moment = MOMENTS.find((one) => {
      share -= one.share;
      return share < 0;
    }) ?? { after: /^/, within: 0 };
    const wait = this.#random() * moment.within;
    let over = false;
    const ended = end.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    const limit = Date.now() + PATIENCE_MS;
    while (!over && !moment.after.test(this.bench.console) && Date.now() < limit) {
      await pause(LOOK_MS);
    }
    await Promise.race([ended, pause(wait)]);
    return over ? "over" : undefined;
  }

  async #kill(): Promise<void> {
    const { bench, result } = this;
    await bench.stage.board.powerOff();
    result.kills++;
    const phase = this.#look();
    result.phases[phase] = (result.phases[phase] ?? 0) + 1;
    if (this.#late > 0 || phase === "armed" || phase === "on trial") this.#late++;
  }

  /** Checks the console and forgets it; gives what the board was at. */
  #look(): string {
    const { bench, result } = this;
    bench.checkConsole();
    const text = bench.console;
    for (const [, byte] of text.matchAll(/GET \S+ from byte (\d+)/g)) {
      if (Number(byte) > 0) result.resumed++;
    }
    const signs = PHASES.map(({ name, sign }) => ({ name, at: text.lastIndexOf(sign) }));
    const last = signs.reduce((one, other) => (other.at >= one.at ? other : one));
    bench.printed = "";
    return last.at < 0 ? "starting" : last.name;
  }
}
