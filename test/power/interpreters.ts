/**
 * The firmware on the real interpreters, watched by what the platform hears and the console prints.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import { findInterpreter, findSmallInterpreter } from "../../host/board/find-interpreter.ts";
import type { BuildResult } from "../../host/build/index.ts";
import type { TaskRecord } from "../../host/cloud/store/ota-records.ts";
import { openStage, type Stage } from "../../host/demo/stage.ts";
import { push } from "../../host/demo/updates.ts";
import { good } from "./offers.ts";
import type { Told } from "./scene.ts";

/** A board has to log on within this after its power is there, ms. */
const LOG_ON_MS = 60_000;
/** An update has to be over within this when nothing disturbs it any more, ms. */
export const UPDATE_MS = 120_000;
/** Between two looks at a board, ms, and how often it is looked at. */
const LOOK_MS = 100;
const LOOKS = 300;
/** What no console may ever show. */
const BAD = /boot: no image is whole|boot: slot\.[ab]: |boot: factory: |Uncaught /;

export interface NamedInterpreter {
  name: string;
  path: string;
}

/** Those of this machine: the 64-bit one first. */
export function interpretersHere(): NamedInterpreter[] {
  const found = [];
  const linux = findInterpreter();
  if (linux !== undefined) found.push({ name: "64-bit", path: linux });
  const small = findSmallInterpreter();
  if (small !== undefined) found.push({ name: "32-bit", path: small });
  return found;
}

/** A stage whose board is the interpreter. */
export class Bench {
  /** What the console has printed since `power` was switched on, without the prompt's orders. */
  printed = "";

  /** Rejects when the interpreter ends without having been switched off. */
  readonly #ended: Promise<never>;

  private constructor(readonly stage: Stage) {
    stage.board.onConsole((text) => {
      this.printed += text;
    });
    this.#ended = new Promise((_resolve, reject) => {
      stage.board.onRestart((cause) => reject(new Error(cause)));
    });
    // Heard of where it is awaited.
    this.#ended.catch(() => {});
  }

  static async open(build: BuildResult, { path }: NamedInterpreter): Promise<Bench> {
    const settings = { log: "info" };
    return new Bench(await openStage({ build, engine: "espruino", interpreter: path, settings }));
  }

  /** What the console shows, as lines; escape sequences and prompts may stand between its letters. */
  get console(): string {
    return this.printed.split("\x1b[J").join("").split("\r\n>").join("\r\n");
  }

  /** Switches on and waits for the log-on; gives the version that the platform is told. */
  async powerOn(): Promise<string> {
    const from = this.stage.watch.now;
    await this.begin();
    return this.informed(from);
  }

  /** Switches on. */
  async begin(): Promise<void> {
    this.printed = "";
    await this.stage.board.powerOn();
  }

  /** The first version that the platform is told of since a place in time. */
  async informed(from: number): Promise<string> {
    const topic = "/ota/device/inform/";
    try {
      const seen = await this.stage.watch.wait(
        "the version's report",
        from,
        (one) => one.kind === "message" && one.direction === "up" && one.topic.startsWith(topic),
        LOG_ON_MS,
      );
      const payload = seen.kind === "message" ? seen.payload.toString() : "";
      return JSON.parse(payload).params.version;
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${this.tail}`);
    }
  }

  /** Pushes the firmware under another version; gives the job. */
  push(version: string): Promise<string> {
    const [file] = good(this.stage.build, version).files;
    if (!file) throw new Error("an image is one file");
    return push(this.stage, version, file.bytes);
  }

  /** The end of an update, as the platform sees it. */
  async finished(job: string, limit: number): Promise<TaskRecord> {
    const { cloud, device } = this.stage;
    try {
      return await Promise.race([cloud.ota.finished(job, device.deviceName, limit), this.#ended]);
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${this.tail}`);
    }
  }

  /** What the board says of itself. */
  async ask(): Promise<Told> {
    return JSON.parse(await this.evaluate("JSON.stringify(ali.ota())")) as Told;
  }

  async evaluate(expression: string): Promise<string> {
    const late = AbortSignal.timeout(LOG_ON_MS);
    const timeout = new Promise<never>((_resolve, reject) => {
      late.onabort = () => reject(new Error(`no answer to ${expression}: ${this.tail}`));
    });
    return Promise.race([this.stage.board.evaluate(expression), timeout]);
  }

  /** Waits until the board keeps this version, or any when undefined, for good. */
  async settled(version?: string): Promise<Told> {
    let told: Told | undefined;
    for (let look = 0; look < LOOKS; look++) {
      told = await this.ask();
      const isWanted = version === undefined || told.version === version;
      if (isWanted && !told.trial && told.active === told.slot) return told;
      if (version !== undefined && !isWanted && !told.trial) return told;
      await pause(LOOK_MS);
    }
    throw new Error(`not settled: ${JSON.stringify(told)}: ${this.tail}`);
  }

  /** Waits until the console shows something. */
  async shown(sign: RegExp, limit: number): Promise<void> {
    const end = Date.now() + limit;
    while (!sign.test(this.console)) {
      if (Date.now() > end) throw new Error(`the console does not show ${sign}: ${this.tail}`);
      await pause(LOOK_MS);
    }
  }

  /** Throws an Error when the console has shown what it never may. */
  checkConsole(): void {
    const bad = BAD.exec(this.console);
    if (bad)
      throw new Error(`the console shows: ${this.console.slice(bad.index, bad.index + 300)}`);
  }

  /** The console's last words. */
  get tail(): string {
    return this.console.slice(-600);
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}
