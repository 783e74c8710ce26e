/**
 * One board and its platform, and how an offered package ends.
 * @module
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as esp32 from "../../boards/esp32.ts";
import { type BuildOptions, type BuildResult, build } from "../../host/build/index.ts";
import { bad, good } from "../power/offers.ts";
import { type Offer, wholeAnswer } from "../power/platform.ts";
import { flashed, OLD, Scene } from "../power/scene.ts";

/** Longest that anything here takes on the board's clock, ms. */
const HOUR = 3_600_000;

export interface Outcome {
  step: number;
  desc: string;
}

/** A board with the firmware, switched on and online with its old version. */
export class Story {
  readonly scene: Scene;
  readonly build: BuildResult;

  private constructor(result: BuildResult) {
    this.build = result;
    this.scene = new Scene({ board: esp32, flash: flashed(esp32, result, { log: "info" }) });
  }

  /** `own`: an entry or a board file of the test's, with the folder for its bundle. */
  static async begin(own: Omit<BuildOptions, "board"> = {}): Promise<Story> {
    const story = new Story(await build({ board: "esp32", quiet: true, ...own }));
    story.scene.powerOn();
    story.online(OLD);
    return story;
  }

  get platform() {
    return this.scene.platform;
  }

  /** The firmware itself. */
  get script(): Buffer {
    return readFileSync(this.build.firmware);
  }

  good(version: string): Offer {
    return good(this.build, version);
  }

  bad(version: string): Offer {
    return bad(this.build, version);
  }

  /** Waits until the platform knows this version. */
  online(version: string): void {
    const there = this.scene.until(() => this.platform.version === version, HOUR);
    assert.ok(there, `${version} is not informed: ${this.scene.board.output.slice(-600)}`);
    this.scene.run(1000);
  }

  /** Offers a package and waits until it has failed; the platform's job ends with that. */
  fails(offer: Offer): Outcome {
    const { platform, scene } = this;
    const from = platform.progress.length;
    platform.offers(offer);
    const failure = () => platform.progress.slice(from).find(({ step }) => step < 0);
    const failed = scene.until(() => {
      if (failure()) platform.offer = undefined;
      return failure() !== undefined;
    }, HOUR);
    const told = JSON.stringify(platform.progress.slice(from));
    assert.ok(failed, `no failure: ${told} ${scene.board.output.slice(-600)}`);
    scene.run(3000);
    return failure() as Outcome;
  }

  /** Offers a package and waits until its version runs and is confirmed. */
  succeeds(offer: Offer): void {
    this.platform.answer = wholeAnswer;
    this.platform.offers(offer);
    this.online(offer.version);
    const told = JSON.parse(this.evaluate("JSON.stringify(ali.ota())"));
    assert.deepEqual([told.version, told.trial], [offer.version, false], JSON.stringify(told));
  }

  /** Evaluates on the REPL; gives what is printed. */
  evaluate(expression: string): string {
    const { board } = this.scene;
    const mark = `=${this.scene.board.output.length}=`;
    board.type(`print("${mark}"+(${expression}));\n`);
    board.run(100);
    const at = board.output.lastIndexOf(`\n${mark}`) + 1 || board.output.lastIndexOf(mark);
    return board.output.slice(at + mark.length).split("\r\n")[0] ?? "";
  }
}
