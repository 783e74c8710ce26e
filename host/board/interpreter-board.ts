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
    // Ctrl-C reaches the interpreter as its terminal would send it.
    this.process?.stdin?.write(Buffer.from(text, "latin1"));
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
