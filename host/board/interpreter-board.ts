/**
 * Espruino's Linux build as a board: one process a power-on, in the folder of its flash file.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { findInterpreter } from "./find-interpreter.ts";
import { type BoardFile, expectAnswer, Listeners, type PoweredBoard } from "./power.ts";

const flashName = "espruino.flash";
/** Between two typed bytes. */
const KEYSTROKE_MS = 1;
/** How long a typed line may remain without an answer. */
const RETYPE_MS = 3000;

export interface InterpreterBoardOptions {
  board: BoardFile;
  /** Path of the flash file, which the interpreter wants to be named `espruino.flash`. */
  flash: string;
  /** Path of the interpreter; found by itself when missing. */
  interpreter?: string;
}

/** The real interpreter. */
export class InterpreterBoard implements PoweredBoard {
  readonly board: BoardFile;
  private readonly folder: string;
  private readonly interpreter: string;
  private process: ChildProcess | undefined;
  private readonly consoleListeners = new Listeners<string>();
  private readonly restartListeners = new Listeners<string>();
  /** What is still to be typed. */
  private typed = "";
  private evaluating: Promise<void> = Promise.resolve();

  constructor(options: InterpreterBoardOptions) {
    if (basename(options.flash) !== flashName)
      throw new Error(`the interpreter's flash file must be named ${flashName}: ${options.flash}`);
    if (options.board.device.link !== "host")
      throw new Error(
        `the interpreter runs the bundle of board linux, not ${options.board.device.name}`,
      );
    const interpreter = options.interpreter ?? findInterpreter();
    if (interpreter === undefined)
      throw new Error("no Espruino found: set ESPRUINO, or put espruino-linux on the PATH");
    this.board = options.board;
    this.folder = dirname(options.flash);
    this.interpreter = interpreter;
  }

  get isOn(): boolean {
    return this.process !== undefined;
  }

  async powerOn(): Promise<void> {
    if (this.process) return;
    // Its input must stay open: at an end of file it would spin.
    const child = spawn(this.interpreter, [], {
      cwd: this.folder,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.process = child;
    child.stdin?.on("error", () => {});
    child.stdout?.setEncoding("latin1");
    child.stdout?.on("data", (text: string) => this.consoleListeners.call(text));
    child.on("exit", (code) => {
      if (this.process !== child) return;
      this.process = undefined;
      this.restartListeners.call(`the interpreter ended with code ${code}`);
    });
    await once(child, "spawn");
  }

  async powerOff(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (!process || process.exitCode !== null) return;
    process.kill("SIGKILL");
    await once(process, "exit");
  }

  type(text: string): void {
    const idle = this.typed.length === 0;
    this.typed += text;
    if (idle) this.typeNext();
  }

  /**
   * The interpreter's input thread and its main loop share a queue without a lock, so of what is
   * typed fast some bytes are lost and others read twice: it gets one byte at a time.
   */
  private typeNext(): void {
    const { process, typed } = this;
    if (!process || typed.length === 0) {
      this.typed = "";
      return;
    }
    process.stdin?.write(Buffer.from(typed.slice(0, 1), "latin1"));
    setTimeout(() => {
      this.typed = this.typed.slice(1);
      this.typeNext();
    }, KEYSTROKE_MS);
  }

  /** Evaluates from a file, since little typing is safe typing; a garbled line is typed again. */
  evaluate(expression: string): Promise<string> {
    const result = this.evaluating.then(() => this.evaluateFile(expression));
    this.evaluating = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  private async evaluateFile(expression: string): Promise<string> {
    if (!this.isOn) throw new Error("the board is off");
    const { begin, end, answer } = expectAnswer(this);
    const mark = (text: string) => `print(${JSON.stringify(text)})`;
    // Taken away first: typed twice, it must not run twice.
    const code =
      `require("fs").unlinkSync("e");${mark(begin)};` +
      `try{print(${expression})}catch(e){print("Uncaught",(e.type||"")+":",e.message)}${mark(end)}`;
    writeFileSync(join(this.folder, "e"), code);
    const line = '\x10eval(require("fs").readFileSync("e"))\n';
    this.type(line);
    const again = setInterval(() => this.type(`\x03${line}`), RETYPE_MS);
    try {
      return await answer;
    } finally {
      clearInterval(again);
    }
  }

  onConsole(listener: (text: string) => void): () => void {
    return this.consoleListeners.add(listener);
  }

  onRestart(listener: (cause: string) => void): () => void {
    return this.restartListeners.add(listener);
  }

  close(): Promise<void> {
    return this.powerOff();
  }
}

/** Makes a board of the real interpreter; it is off. */
export function createInterpreterBoard(options: InterpreterBoardOptions): InterpreterBoard {
  return new InterpreterBoard(options);
}
