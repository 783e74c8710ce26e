/**
 * One process of the interpreter that obeys the bench's orders, with callgrind around it where that is
 * present.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type Counting, countingCommand, readCounts, type Stretch } from "./callgrind.ts";

/** The native function that `device/orders.ts` calls as a mark. */
export const MARK = "jswrap_espruino_getTemperature";
/** Runs each callback: what the idle loop does between them depends on how fast it turns. */
export const CALLBACK = "jsiExecuteEventCallback";

const FAULT = /Uncaught|ASSERT|Execution Interrupted|^ERROR/;
/** How long a series, or the log-on, may take, ms. */
const PATIENCE = 120_000;
/** Before a series, in which the last events of the one before pass. */
const REST_MS = 100;
const COUNTS = "callgrind.out";

/** Which program, and what is counted in it. */
export interface Start {
  interpreter: string;
  /** Without it nothing is counted. */
  valgrind: string | undefined;
  /** The process's own, with a flash file if the program wants one. */
  folder: string;
  /** Name of a script in the folder. */
  script: string;
  counting: Omit<Counting, "file">;
}

/** A running interpreter. */
export class Program {
  readonly #process: ChildProcess;
  readonly #counting: Counting;
  readonly #ended: Promise<unknown>;
  #lines: string[] = [];
  #fail: (error: Error) => void = () => {};
  /** Rejects when the interpreter reports an error. */
  readonly fault: Promise<never>;

  constructor({ interpreter, valgrind, folder, script, counting }: Start) {
    this.#counting = { ...counting, file: join(folder, COUNTS) };
    const [command = "", ...args] = valgrind
      ? countingCommand(valgrind, interpreter, this.#counting)
      : [interpreter];
    // The interpreter needs a standard input that stays open.
    const child = spawn(command, [...args, script], {
      cwd: folder,
      stdio: "pipe",
    });
    this.#process = child;
    this.#ended = once(child, "close");
    this.fault = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.fault.catch(() => {});
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding("latin1");
      createInterface({ input: output }).on("line", (line) => {
        this.#lines = [...this.#lines, line].slice(-8);
        if (FAULT.test(line)) this.#fail(new Error(`${script}: ${line}`));
      });
    }
  }

  /** Waits for the program's own end; what was counted until each mark. */
  async counts(): Promise<Stretch[]> {
    await Promise.race([this.#ended, this.fault, lateness("its end", () => this.#lines)]);
    return readCounts(this.#counting);
  }

  /** Ends it. */
  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGKILL");
      await this.#ended;
    }
  }

  /** The console's last lines. */
  get lastLines(): string {
    return this.#lines.join("\n");
  }
}

function lateness(what: string, lines: () => string[]): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new Error(`${what} did not come: ${lines().join("\n")}`)),
      PATIENCE,
    ).unref();
  });
}

/** What a series took, known when its session has ended. */
export interface Series {
  /** Instructions, or without callgrind microseconds within callbacks. */
  cost: number;
}

/** A program that obeys orders, one after another. */
export class Session {
  readonly #server: Server;
  readonly #series: Series[] = [];
  #program: Program | undefined;
  #socket: Socket | undefined;
  /** What the program said and nobody has read yet. */
  readonly #lines: string[] = [];
  #heard: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      this.#socket = socket;
      createInterface({ input: socket }).on("line", (line) => {
        this.#lines.push(line);
        this.#heard();
      });
    });
  }

  /** Starts a program that is told the port at which the orders are; resolves when it is logged on. */
  static async begin(start: (port: number) => Promise<Start>): Promise<Session> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const session = new Session(server);
    session.#program = new Program(await start((server.address() as { port: number }).port));
    try {
      await session.#next("ready");
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  /** Has a series done; `drive` does what the platform has to do meanwhile. */
  async run(name: string, count: number, drive?: () => Promise<void>): Promise<Series> {
    await pause(REST_MS);
    this.#socket?.write(`${name} ${count}`);
    await this.#next("begun");
    if (drive) await this.#within(drive(), name);
    const series = { cost: Number(await this.#next("done")) };
    this.#series.push(series);
    return series;
  }

  /** Ends the program; with callgrind the series now have their instructions. */
  async end(counted: boolean): Promise<void> {
    this.#socket?.write("quit 0");
    if (!counted) return;
    const stretches = await this.#running.counts();
    // A series lies between an even and an odd mark; the last one is that of the order to quit.
    const between = stretches.filter(({ mark }, index) => mark !== undefined && index % 2 === 1);
    if (between.length !== this.#series.length)
      throw new Error(`${between.length} series were counted: expected ${this.#series.length}`);
    for (const [index, series] of this.#series.entries()) {
      series.cost = between[index]?.instructions ?? 0;
    }
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    this.#server.close();
    await this.#program?.close();
  }

  /** Waits for the program's next word, which has to be this one; what stands behind it. */
  async #next(word: string): Promise<string> {
    const heard = new Promise<void>((resolve) => {
      this.#heard = resolve;
    });
    if (this.#lines.length === 0) await this.#within(heard, `"${word}"`);
    const line = this.#lines.shift() ?? "";
    const [said, rest = ""] = line.split(" ");
    if (said !== word) throw new Error(`the program says "${line}": expected "${word}"`);
    return rest;
  }

  get #running(): Program {
    if (!this.#program) throw new Error("the session has no program");
    return this.#program;
  }

  #within<T>(answer: Promise<T>, what: string): Promise<T> {
    const program = this.#running;
    return Promise.race([answer, program.fault, lateness(what, () => [program.lastLines])]);
  }
}
