/**
 * Espruino's Linux build as a board: one process a power-on, in the folder of its flash file.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, dirname } from "node:path";
import { findInterpreter } from "./find-interpreter.ts";
import { type BoardFile, evaluateOnConsole, Listeners, type PoweredBoard } from "./power.ts";

const flashName = "espruino.flash";
/** Between two typed bytes. */
const KEYSTROKE_MS = 1;

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
   * Types one byte: the interpreter's input thread and its main loop share a queue without a lock,
   * and of bytes in a burst some are lost and others read again and again.
   */
  private typeNext(): void {
    const { process, typed } = this;
    if (!process || typed.length === 0) {
      this.typed = "";
      return;
    }
    process.stdin?.write(Buffer.from(typed.slice(0, 1), "latin1"));
    this.typed = typed.slice(1);
    setTimeout(() => this.typeNext(), KEYSTROKE_MS);
  }

  evaluate(expression: string): Promise<string> {
    return evaluateOnConsole(this, expression);
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
