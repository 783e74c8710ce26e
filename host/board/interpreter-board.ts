/**
 * Espruino's Linux build as a board: one process a power-on, in the folder of its flash file.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Pty } from "../modem/pty.ts";
import { findInterpreter } from "./find-interpreter.ts";
import { FlashImage } from "./flash/flash-image.ts";
import { runsOnLinux } from "./interpreter/core.ts";
import type { SerialPeer } from "./peers.ts";
import { type BoardFile, expectAnswer, Listeners, type PoweredBoard } from "./power.ts";

const flashName = "espruino.flash";
/**
 * Between two typed bytes. The interpreter's input thread looks every 50 ms and shares a queue with
 * the main loop without a lock: of several bytes at once some get lost and others are read again.
 */
const KEYSTROKE_MS = 60;
/** Where `evaluate` puts an expression, and the script that looks there. */
const EXPRESSION_FILE = "expression.js";
const LOOK_SCRIPT = "look.js";
/**
 * Beside the firmware's loader it is a boot file too: `load()`, by which the firmware restarts there,
 * runs those anew but not the script.
 */
const LOOK_FILE = ".boot1";
const FIRMWARE_FILE = "factory";
const LOOK =
  'setInterval(function(){var f=require("fs"),c=f.readFileSync("expression.js");' +
  'if(c){f.writeFileSync("expression.js","");eval(c)}},20)';

export interface InterpreterBoardOptions {
  board: BoardFile;
  /** Path of the flash file, which the interpreter wants to be named `espruino.flash`. */
  flash: string;
  /** Path of the interpreter; found by itself when missing. */
  interpreter?: string;
  /**
   * Add nothing to what the flash holds: for flash that outlives this board. `evaluate` then works
   * until the first `load()` only. Without it, a boot file that runs what `evaluate` wrote is added.
   */
  keepFlash?: boolean;
  /**
   * Serial ports by the path that the script sets one up with: a name in the folder of the flash
   * file. Each is a pseudo terminal, for which `socat` is needed.
   */
  serial?: Record<string, SerialPeer>;
}

/** The real interpreter. */
export class InterpreterBoard implements PoweredBoard {
  readonly board: BoardFile;
  private readonly folder: string;
  private readonly interpreter: string;
  private readonly keepFlash: boolean;
  private readonly serial: Record<string, SerialPeer>;
  private ptys: Pty[] | undefined;
  private process: ChildProcess | undefined;
  private readonly consoleListeners = new Listeners<string>();
  private readonly restartListeners = new Listeners<string>();
  /** What is still to be typed. */
  private typed = "";
  private evaluating: Promise<void> = Promise.resolve();

  constructor(options: InterpreterBoardOptions) {
    if (basename(options.flash) !== flashName)
      throw new Error(`the interpreter's flash file must be named ${flashName}: ${options.flash}`);
    if (!runsOnLinux(options.board))
      throw new Error(
        `the interpreter runs bundles for Linux, not that of ${options.board.device.name}`,
      );
    const interpreter = options.interpreter ?? findInterpreter();
    if (interpreter === undefined)
      throw new Error("no Espruino found: set ESPRUINO, or put espruino-linux on the PATH");
    this.board = options.board;
    this.folder = dirname(options.flash);
    this.interpreter = interpreter;
    this.keepFlash = options.keepFlash ?? false;
    this.serial = options.serial ?? {};
    for (const name of Object.keys(this.serial))
      if (basename(name) !== name)
        throw new Error(`a serial port's path must be a name in the flash file's folder: ${name}`);
  }

  get isOn(): boolean {
    return this.process !== undefined;
  }

  async powerOn(): Promise<void> {
    if (this.process) return;
    this.ptys ??= await Promise.all(
      Object.entries(this.serial).map((one) => this.openPort(...one)),
    );
    for (const pty of this.ptys) pty.drain();
    writeFileSync(this.path(EXPRESSION_FILE), "");
    writeFileSync(this.path(LOOK_SCRIPT), this.installLook() ? "0" : LOOK);
    // Its input must stay open: at an end of file it would spin.
    const child = spawn(this.interpreter, [LOOK_SCRIPT], {
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

  /** What the peer sends while the board is off is lost, as on a wire. */
  private async openPort(name: string, peer: SerialPeer): Promise<Pty> {
    const pty = await Pty.open((bytes) => void peer.receive(bytes));
    rmSync(this.path(name), { force: true });
    symlinkSync(pty.path, this.path(name));
    peer.connect((bytes) => {
      if (this.process) pty.send(bytes);
    });
    return pty;
  }

  /** Whether the flash holds the script that looks, as a boot file. */
  private installLook(): boolean {
    if (this.keepFlash) return false;
    const image = FlashImage.open(this.path(flashName), this.board.machine);
    try {
      if (!image.list().includes(FIRMWARE_FILE)) return false;
      if (!image.readFile(LOOK_FILE)) image.writeFile(LOOK_FILE, LOOK);
      return true;
    } finally {
      image.close();
    }
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

  /** Types one byte, and the next when the interpreter has surely taken it. */
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

  /** Evaluates by the file that the interpreter looks into. */
  evaluate(expression: string): Promise<string> {
    const result = this.evaluating.then(() => this.evaluateFile(expression));
    this.evaluating = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  private evaluateFile(expression: string): Promise<string> {
    if (!this.isOn) return Promise.reject(new Error("the board is off"));
    const { begin, end, answer } = expectAnswer(this);
    const mark = (text: string) => `print(${JSON.stringify(text)})`;
    const code =
      `${mark(begin)};try{print(${expression})}` +
      `catch(e){print("Uncaught",(e.type||"Error")+":",e.message)}${mark(end)}`;
    // Renamed into place, so that the interpreter never reads half of it.
    writeFileSync(this.path("next"), code, "latin1");
    renameSync(this.path("next"), this.path(EXPRESSION_FILE));
    return answer;
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  onConsole(listener: (text: string) => void): () => void {
    return this.consoleListeners.add(listener);
  }

  onRestart(listener: (cause: string) => void): () => void {
    return this.restartListeners.add(listener);
  }

  async close(): Promise<void> {
    await this.powerOff();
    await Promise.all((this.ptys ?? []).map((pty) => pty.close()));
    this.ptys = undefined;
  }
}

/** Makes a board of the real interpreter; it is off. */
export function createInterpreterBoard(options: InterpreterBoardOptions): InterpreterBoard {
  return new InterpreterBoard(options);
}
