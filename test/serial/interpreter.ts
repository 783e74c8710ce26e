/**
 * The real interpreter's REPL at the end of a wire: bytes go to its standard input as they come.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findInterpreter } from "../../host/board/index.ts";
import { noPty } from "../../host/modem/pty.ts";
import type { WireEnd } from "./wire.ts";

/** Why there is none here, in one line; false when there is one. */
export function noInterpreter(): string | false {
  if (findInterpreter() === undefined) return "no Espruino on this machine";
  return noPty() ?? false;
}

/** Started anew whenever it ends, as a chip is; close it when done. */
export class InterpreterRepl implements WireEnd {
  private readonly folder = mkdtempSync(join(tmpdir(), "repl-"));
  private readonly listeners = new Set<(text: string) => void>();
  private child: ChildProcess | undefined;

  constructor() {
    this.start();
  }

  private start(): void {
    const stdio = ["pipe", "pipe", "ignore"] as const;
    const child = spawn(findInterpreter() as string, [], { cwd: this.folder, stdio: [...stdio] });
    this.child = child;
    child.stdin?.on("error", () => {});
    child.stdout?.setEncoding("latin1").on("data", (text: string) => {
      for (const listener of [...this.listeners]) listener(text);
    });
    child.on("exit", () => {
      if (this.child === child) this.start();
    });
  }

  type(bytes: string): void {
    this.child?.stdin?.write(bytes, "latin1");
  }

  onConsole(listener: (text: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes the power away and gives it back. */
  cyclePower(): void {
    this.child?.kill("SIGKILL");
  }

  async close(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}
