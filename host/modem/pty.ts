/**
 * A serial port that another program on this computer can open: one end of a pseudo terminal, made
 * by `socat`.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { findProgram } from "../board/find-interpreter.ts";

/** Opens a terminal as a file: not as this process's own, and never waiting for bytes. */
const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;

/** Why there are no pseudo terminals here, in one line; undefined when there are. */
export function noPty(): string | undefined {
  return findProgram("SOCAT", "socat")
    ? undefined
    : "no socat on the PATH and no $SOCAT (on Debian: apt-get install socat)";
}

/** The near end of a pseudo terminal. */
export class Pty {
  private constructor(
    /** What the other program opens, e.g. `/dev/pts/3`. */
    readonly path: string,
    private readonly socat: ChildProcess,
    /** Held open, as socat ends when the last one leaves. */
    private readonly far: number,
  ) {}

  /**
   * Opens one, without echo and line discipline.
   * @param receive takes what the other program writes, byte strings
   */
  static async open(receive: (bytes: string) => void): Promise<Pty> {
    const program = findProgram("SOCAT", "socat");
    if (!program) throw new Error(noPty());
    const socat = spawn(program, ["-d", "-d", "PTY,raw,echo=0", "STDIO"]);
    socat.stdin.on("error", () => {});
    socat.stdout.setEncoding("latin1").on("data", receive);
    const path = await new Promise<string>((resolve, reject) => {
      let said = "";
      createInterface({ input: socat.stderr }).on("line", (line) => {
        said += `${line}\n`;
        const found = /PTY is (\S+)/.exec(line)?.[1];
        if (found) resolve(found);
      });
      socat.once("error", reject);
      socat.once("close", () => reject(new Error(`socat made no pseudo terminal:\n${said}`)));
    });
    return new Pty(path, socat, openSync(path, flags));
  }

  /** Sends bytes to the other program. */
  send(bytes: string): void {
    this.socat.stdin?.write(Buffer.from(bytes, "latin1"));
  }

  /** Throws away what nobody has read at the other end. */
  drain(): void {
    const waste = Buffer.alloc(4096);
    try {
      while (readSync(this.far, waste) > 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }

  async close(): Promise<void> {
    closeSync(this.far);
    if (this.socat.exitCode !== null || this.socat.signalCode !== null) return;
    const closed = once(this.socat, "close");
    this.socat.kill();
    await closed;
  }
}
