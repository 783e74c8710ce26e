/**
 * A device on the interpreter whose variables are counted: its code in Storage, as on a board, and all
 * that it reaches on this computer.
 * @module
 */
import { openStage, type Stage, type StageOptions } from "../../host/demo/stage.ts";
import { type App, buildApp } from "../frame/builds.ts";
import { varsAtRest } from "./rest.ts";

/** What the device itself sends last when it has logged on, by application. */
const LAST: Record<App, string | undefined> = {
  least: undefined,
  sample: "/thing/ota/firmware/get_reply",
};

export class Subject {
  private constructor(
    readonly app: App,
    readonly stage: Stage,
  ) {}

  /** A device that is off; `close` ends it. */
  static async open(
    app: App,
    interpreter: string,
    more: Partial<StageOptions> = {},
  ): Promise<Subject> {
    const stage = await openStage({
      build: await buildApp("linux", app),
      engine: "espruino",
      interpreter,
      settings: { log: "error" },
      ...more,
    });
    return new Subject(app, stage);
  }

  /** Switches it on where there is no network yet. */
  async load(): Promise<void> {
    this.stage.network.cut();
    await this.stage.board.powerOn();
  }

  /** Lets it log on, and do what it does then. */
  async connect(): Promise<void> {
    const { stage } = this;
    const from = stage.watch.now;
    await stage.network.restore();
    await stage.board.powerOn();
    await this.online(from);
    const last = LAST[this.app];
    if (last !== undefined) await stage.watch.message("down", last, from);
  }

  /** Resolves at the first log-on since `from`. */
  private online(from: number): Promise<unknown> {
    return this.stage.watch.wait(
      "a log-on",
      from,
      (seen) => seen.kind === "status" && seen.online,
      60_000,
    );
  }

  /** Evaluates on the board; a number comes back. */
  async number(expression: string): Promise<number> {
    const text = await this.stage.board.evaluate(expression);
    const value = Number(text);
    if (!Number.isFinite(value)) throw new Error(`${expression} gives ${text}: expected a number`);
    return value;
  }

  /** JsVars in use when nothing moves; garbage is not counted. */
  rest(): Promise<number> {
    return varsAtRest(this.stage.board);
  }

  /** Waits for a line on the console that a pattern fits, while `act` runs. */
  async printed(pattern: RegExp, act: () => Promise<unknown>): Promise<RegExpExecArray> {
    let stop = () => {};
    const found = new Promise<RegExpExecArray>((resolve) => {
      let text = "";
      stop = this.stage.board.onConsole((more) => {
        text = (text + more).slice(-4000);
        const match = pattern.exec(text);
        if (match) resolve(match);
      });
    });
    try {
      await act();
      return await found;
    } finally {
      stop();
    }
  }

  /** Lets it report so often, each when the last one was answered. */
  async report(count: number): Promise<void> {
    const { board } = this.stage;
    const code = `(function(){var n=0,bad=0;function next(ok){if(!ok)bad++;
      if(n++<${count})ali.server.propertiesReport({energy:n%100}).then(next);
      else print("reported, bad: "+bad)}next(true)})()`;
    // A function made by the question itself would keep the question's text, which is longer each time.
    const question = `setTimeout(${JSON.stringify(code)},0)`;
    const [, bad] = await this.printed(/reported, bad: (\d+)\r?\n/, () => board.evaluate(question));
    if (bad !== "0") throw new Error(`${bad} of ${count} reports failed`);
  }

  /** Cuts its connection so often, and waits for the next log-on each time. */
  async reconnect(count: number): Promise<void> {
    const { stage } = this;
    // So the wait before an attempt becomes 0 whatever it was: see `mqtt/backoff`.
    await stage.board.evaluate('Math.random=new Function("return -7/6"),0');
    for (let i = 0; i < count; i++) {
      const from = stage.watch.now;
      stage.network.cutOnce();
      await this.online(from);
    }
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}
