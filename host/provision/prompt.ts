/**
 * Lines from a person: asked for on the terminal, secrets unseen; or read from standard input where
 * that is no terminal.
 * @module
 */
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Reads lines; close it when done, for it keeps the program running. */
export class Prompt {
  private input: Interface | undefined;
  private lines: AsyncIterator<string> | undefined;

  /** Whether somebody can be asked. */
  get isTerminal(): boolean {
    return process.stdin.isTTY === true && process.stderr.isTTY === true;
  }

  /** A line; undefined: the input has ended. */
  async line(question: string, secret: boolean): Promise<string | undefined> {
    if (this.isTerminal) return this.ask(question, secret);
    this.input ??= createInterface({ input: process.stdin });
    this.lines ??= this.input[Symbol.asyncIterator]();
    const { value, done } = await this.lines.next();
    return done ? undefined : value;
  }

  close(): void {
    this.input?.close();
  }

  private async ask(question: string, secret: boolean): Promise<string> {
    const unseen = new Writable({ write: (_bytes, _encoding, done) => done() });
    const output = secret ? unseen : process.stderr;
    const terminal = createInterface({ input: process.stdin, output, terminal: true });
    if (secret) process.stderr.write(question);
    try {
      return await terminal.question(secret ? "" : question);
    } finally {
      terminal.close();
      if (secret) process.stderr.write("\n");
    }
  }
}
