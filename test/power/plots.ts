/**
 * The updates whose every flash operation is cut: what happens in each, and how it has to end.
 * @module
 */
import type { BoardFile } from "../../host/board/power.ts";
import type { BuildResult } from "../../host/build/index.ts";
import { bad, bare, good } from "./offers.ts";
import type { Offer } from "./platform.ts";
import { Recording } from "./recording.ts";
import { flashed, OLD, Scene } from "./scene.ts";

/** Longest that an update may take on the board's clock, ms: an hour. */
const LONGEST = 3_600_000;
/** Within this a board that starts has told its version, ms. */
const LOG_ON = 300_000;

/** One story of an update. */
export interface Plot {
  name: string;
  board: BoardFile;
  /** The flash that it begins with. */
  flash: Uint8Array;
  /** Packages offered one after another: the next one when the platform has seen one fail. */
  offers: Offer[];
  /** Versions that may run on the way, besides the last. */
  onTheWay: string[];
}

/** A scene of the plot that begins with a given flash, when `failed` packages have failed. */
export class Performance {
  readonly scene: Scene;
  readonly #plot: Plot;
  /** Packages whose failure the platform knows. */
  failed: number;
  #seen = 0;

  constructor(plot: Plot, flash: Uint8Array = plot.flash.slice(), failed = 0) {
    this.#plot = plot;
    this.failed = failed;
    const { board } = plot;
    this.scene = new Scene({ board, flash, offer: plot.offers[failed] });
  }

  get target(): string {
    return this.#plot.offers.at(-1)?.version ?? OLD;
  }

  /**
   * Powered on, it comes online with a version of the plot, and ends with the last one confirmed.
   * Throws an Error that says what did not happen.
   */
  finish(): void {
    const { scene } = this;
    const { platform } = scene;
    const online = scene.until(() => platform.version !== undefined, LOG_ON);
    if (!online) throw new Error(`no log-on within ${LOG_ON / 60000} min: ${this.#tail()}`);
    if (!this.proceed(() => platform.version === this.target)) {
      throw new Error(
        `${this.target} does not come: informed ${platform.informed}, progress ` +
          `${JSON.stringify(platform.progress.slice(-3))}: ${this.#tail()}`,
      );
    }
    const known = [...this.#plot.onTheWay, this.target];
    const other = platform.informed.find((version) => !known.includes(version));
    if (other !== undefined) throw new Error(`version ${other} ran, expected ${known}`);
    // The acknowledgement reaches the board, which then confirms.
    scene.run(1000);
    const told = scene.ask();
    if (told.version !== this.target || told.trial || told.active !== told.slot) {
      throw new Error(`not confirmed: ${JSON.stringify(told)}`);
    }
  }

  /** Plays until the condition holds; false when it does not or the power is gone. */
  proceed(condition: () => boolean): boolean {
    return this.scene.until(() => {
      this.#follow();
      return condition();
    }, LONGEST);
  }

  /** A failure makes the platform's operator offer the next package. */
  #follow(): void {
    const { progress } = this.scene.platform;
    for (; this.#seen < progress.length; this.#seen++) {
      if ((progress[this.#seen]?.step ?? 0) >= 0) continue;
      if (this.failed < this.#plot.offers.length - 1) this.failed++;
      this.scene.platform.offers(this.#plot.offers[this.failed]);
    }
  }

  #tail(): string {
    return this.scene.board.output.slice(-400);
  }
}

/** Plays a plot from power-on to its end and records the flash. */
export function record(plot: Plot): Recording {
  const performance = new Performance(plot);
  const { scene } = performance;
  const recording = new Recording(plot.flash, scene.board.flash, () => performance.failed);
  scene.powerOn(recording.hook);
  performance.finish();
  recording.end();
  return recording;
}

/** The flash after a plot. */
function after(plot: Plot): Uint8Array {
  const recording = record(plot);
  return recording.at(recording.operations.length);
}

/** All plots for a board. */
export function plots(board: BoardFile, build: BuildResult): Plot[] {
  const flash = flashed(board, build);
  const update: Plot = {
    name: "update",
    board,
    flash,
    offers: [good(build, "1.1.0")],
    onTheWay: [OLD],
  };
  const first = record(update);
  const updated = first.at(first.operations.length);
  // The first update again, but for the slot: played only for what it leaves.
  const second: Plot = {
    name: "second",
    board,
    flash: updated,
    offers: [good(build, "1.2.0")],
    onTheWay: ["1.1.0"],
  };
  // Both slots are in use: the oldest image is overwritten.
  const overwrite: Plot = {
    name: "overwrite",
    board,
    flash: after(second),
    offers: [good(build, "1.3.0")],
    onTheWay: ["1.2.0"],
  };
  const rollback: Plot = {
    name: "rollback",
    board,
    flash: updated,
    offers: [bad(build, "1.2.0"), good(build, "1.2.1")],
    onTheWay: ["1.1.0"],
  };
  const resume: Plot = {
    ...update,
    name: "resume",
    flash: first.at(Math.floor(first.operations.length / 2), { bytes: 7 }),
  };
  const several: Plot = { ...update, name: "files", offers: [bare(build, "1.1.0")] };
  const blocks: Plot = {
    ...update,
    name: "blocks",
    offers: [{ ...good(build, "1.1.0"), overMqtt: true, md5: true }],
  };
  return [update, overwrite, rollback, resume, several, blocks];
}
