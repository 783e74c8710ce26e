/**
 * Device programs on real interpreters: built as the firmware is, run in a folder of their own.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findInterpreter, findSmallInterpreter } from "../../host/board/find-interpreter.ts";
import { build } from "../../host/build/index.ts";
import { inProject, shownPath } from "../../host/build/project.ts";
import { program } from "../compiled/program.ts";

const ERASE = "\x1b";

/** Something that runs a device program: `command` gets the program's path as its last argument. */
export interface Engine {
  name: string;
  command: string[];
}

/** The Linux build and, where present, the 32-bit one with an ESP32's limits. */
export function interpreters(): Engine[] {
  const found: Engine[] = [];
  const linux = findInterpreter();
  if (linux) found.push({ name: "linux", command: [linux] });
  const small = findSmallInterpreter();
  if (small) found.push({ name: "32-bit", command: [small] });
  return found;
}

/** A program of this folder, run by Node. */
function inNode(name: string, file: string, ...args: string[]): Engine {
  const path = join(import.meta.dirname, file);
  const command = [process.execPath, ...program(path), ...args];
  return { name, command };
}

/**
 * Node with the interpreter's socket and verbs imitated, the virtual board, and the interpreters
 * that are present.
 */
export function engines(): Engine[] {
  return [
    inNode("Node", "node-engine.ts"),
    inNode("virtual board", "../board-engine.ts", "linux"),
    ...interpreters(),
  ];
}

/** Why a test on the interpreter is skipped; false when there is one. */
export const noInterpreter: string | false =
  interpreters().length > 0 ? false : "no Espruino on this machine (ESPRUINO or espruino-linux)";

/** The minified script of a device program, built for a board; kept for who wants the same. */
export async function buildProgram(entry: string, board = "linux"): Promise<string> {
  const outDir = inProject(".cache/programs", board, shownPath(entry));
  const built = await build({ board, entry, outDir, quiet: true });
  return readFileSync(built.firmware, "latin1");
}

/** A running program; ended by `end()`. */
export class Run {
  private readonly folder: string;
  private readonly process: ChildProcess;
  private readonly lines: string[] = [];
  private readonly readers = new Set<() => void>();
  private ended = false;

  /**
   * Starts a script.
   * @param settings what the script finds in its global `settings`
   * @param prepare puts further files into the folder in which the interpreter runs
   */
  constructor(
    engine: Engine,
    script: string,
    settings: object,
    prepare?: (folder: string) => void,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), "interpreter-"));
    prepare?.(this.folder);
    const code = `var settings=${JSON.stringify(settings)};\n${script}`;
    const program = join(this.folder, "program.js");
    writeFileSync(program, code, "latin1");
    const [command, ...args] = engine.command;
    // The interpreter needs a standard input that stays open.
    this.process = spawn(command as string, [...args, program], {
      cwd: this.folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const output = this.process.stdout;
    if (!output) throw new Error("the interpreter has no output");
    output.setEncoding("latin1");
    createInterface({ input: output }).on("line", (line) => {
      // The console's prompt, and the order that erases it, stand before what a callback prints.
      this.lines.push(line.slice(line.lastIndexOf(ERASE) + 1).replace(/^\[J/, ""));
      for (const read of this.readers) read();
    });
    this.process.on("close", () => {
      this.ended = true;
      for (const read of this.readers) read();
    });
  }

  /** The rest of the next line that begins with this word. Rejects when the interpreter reports an error. */
  line(word: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const read = (): void => {
        const bad = this.lines.find((line) => /Uncaught|ASSERT|Execution Interrupted/.test(line));
        const index = this.lines.findIndex((line) => line.startsWith(`${word} `) || line === word);
        if (index >= 0) resolve((this.lines.splice(index, 1)[0] as string).slice(word.length + 1));
        else if (bad !== undefined || this.ended) reject(new Error(`no "${word}": ${this.tail()}`));
        else return;
        this.readers.delete(read);
      };
      this.readers.add(read);
      read();
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Stops the interpreter and removes its folder. */
  async end(): Promise<void> {
    if (!this.ended) {
      const closed = new Promise((resolve) => this.process.once("close", resolve));
      this.process.kill("SIGKILL");
      await closed;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tail(): string {
    return this.lines.slice(-8).join("\n");
  }
}
