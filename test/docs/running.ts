/**
 * A program of the project while it runs, and what it has said.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Program } from "./command-lines.ts";
import { root } from "./documents.ts";

export interface Outcome {
  code: number | null;
  /** Both streams, as they came. */
  text: string;
}

export class Running {
  /** Both streams, as they came. */
  text = "";
  private readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;

  /** Starts a program of `package.json`, or `./flash.sh`: `node` gives Node's arguments for its file. */
  constructor({ name, file, args }: Program, folder: string, node: (file: string) => string[]) {
    if (file === undefined) throw new Error(`${name} is no program of this project's own`);
    const command = [...node(join(root, file)), ...args];
    this.child = spawn(process.execPath, command, { cwd: folder, env: environment() });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.text += text;
        this.child.emit("said");
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => resolve({ code, text: this.text }));
    });
  }

  /** Waits for words; rejects with all that was said when the program ends without them. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.text);
        if (match) resolve(match);
        return match;
      };
      if (look()) return;
      this.child.on("said", look);
      void this.ended.then(({ code }) => {
        if (!look()) reject(new Error(`ended with ${code} before ${pattern}:\n${this.text}`));
      });
    });
  }

  /** Ctrl-C. */
  interrupt(): Promise<Outcome> {
    this.child.kill("SIGINT");
    return this.ended;
  }

  /** Ctrl-D. */
  leave(): Promise<Outcome> {
    this.child.stdin?.end("\x04");
    return this.ended;
  }
}

/** As a newcomer has it: nothing set that a command looks for. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return { ...env, NO_COLOR: "1" };
}
