/**
 * An AT channel with a scripted modem and a driven clock.
 * @module
 */
import assert from "node:assert/strict";
import { AtChannel, type AtCommand } from "../../../src/link/cellular/at.ts";

/** Notes, in order, what the channel wrote, what it told, and how commands ended. */
export class AtBench {
  readonly channel: AtChannel;
  notes: string[] = [];
  /** What `onUrc` answers; by default everything with a `+` and `RDY` is known. */
  urc = (line: string): number => (/^\+|^RDY$/.test(line) ? 0 : -1);
  now = 100;

  constructor() {
    this.channel = new AtChannel(
      { write: (bytes) => this.notes.push(`> ${bytes.replace("\r", "")}`) },
      {
        onUrc: (line) => {
          const raw = this.urc(line);
          if (raw >= 0) this.notes.push(`urc ${line}`);
          return raw;
        },
        onUrcRaw: (bytes) => this.notes.push(`pushed ${bytes}`),
        onUrcShort: (missing) => this.notes.push(`short ${missing}`),
        onDead: () => this.notes.push("dead"),
      },
    );
    this.channel.tick(this.now);
  }

  /** Sends a command whose end is noted as `text=result:lines`. */
  send(text: string, more: Partial<AtCommand> = {}): void {
    const name = text.replace("AT+", "").replace(/[=?].*/, "");
    this.channel.send({
      text,
      prefix: `+${name}:`,
      done: (result, lines) => this.notes.push(`${text}=${result}:${lines.join("|")}`),
      ...more,
    });
  }

  /** The modem says lines, each between CR LF. */
  say(...lines: string[]): void {
    for (const line of lines) this.channel.feed(`\r\n${line}\r\n`);
  }

  feed(bytes: string): void {
    this.channel.feed(bytes);
  }

  /** Time passes, in ticks. */
  wait(seconds: number): void {
    for (let n = Math.round(seconds * 10); n > 0; n--) {
      this.now += 0.1;
      this.channel.tick(this.now);
    }
  }

  /** Checks the notes since the last time. */
  expect(...notes: string[]): void {
    const seen = this.notes;
    this.notes = [];
    assert.deepEqual(seen, notes);
  }
}
