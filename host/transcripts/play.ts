/**
 * Plays steps into an AT channel and notes all that it does. Written for the interpreter as well.
 * @module
 */
import { AtChannel, type AtEvents } from "../../src/link/cellular/at.ts";

/** What happens at the channel, in this order; byte strings. */
export type Step =
  /** The driver gives a command; one that still runs is ended first. */
  | { command: string; prefix: string; payload?: string; raw: boolean }
  /** The modem sends. */
  | { bytes: string }
  /** Time passes, in steps of 100 ms. */
  | { ticks: number };

/** The raw bytes that a line announces: `+QIRD: 4`, `CONNECT 4`; not `+QIRD: 4,0,4`. */
function rawBytes(line: string): number {
  const number = line.substr(line.indexOf(" ") + 1);
  return number.indexOf(",") < 0 ? parseInt(number, 10) || 0 : 0;
}

/** Of direct push: `+QIURC: "recv",0,389`. */
function pushedBytes(line: string): number {
  const at = line.indexOf('URC: "recv",');
  const fields = line.split(",");
  return at > 0 && fields.length === 3 ? parseInt(fields[2] as string, 10) || 0 : 0;
}

/** A channel, and what it did. */
export class Player implements AtEvents {
  readonly notes: string[] = [];
  readonly channel: AtChannel = new AtChannel(this, this);
  private raw = "";
  private now = 0;

  /** Does a step. */
  play(step: Step): void {
    if ("bytes" in step) this.channel.feed(step.bytes);
    else if ("ticks" in step) for (let n = step.ticks; n > 0; n--) this.tick();
    else {
      if (!this.channel.idle) this.channel.abort(-4, true);
      this.send(step.command, step.prefix, step.payload, step.raw);
    }
  }

  /** All notes; raw bytes that were handed over in pieces are one. */
  end(): string[] {
    this.note(`end ${JSON.stringify(this.channel.counters)}`);
    return this.notes;
  }

  write(bytes: string): void {
    this.note(`write ${bytes}`);
  }

  onUrc(line: string): number {
    this.note(`line ${line}`);
    const known = line.charAt(0) === "+" || line === "RDY" || line.indexOf("DOWN") >= 0;
    return known ? pushedBytes(line) : -1;
  }

  onUrcRaw(bytes: string): void {
    this.raw += bytes;
  }

  onUrcShort(missing: number): void {
    this.note(`short ${missing}`);
  }

  onDead(): void {
    this.note("dead");
  }

  private send(text: string, prefix: string, payload: string | undefined, raw: boolean): void {
    this.channel.send({
      text: text,
      prefix: prefix,
      plain: true,
      done: (result, lines) => this.note(`done ${text} ${result} ${lines.join("|")}`),
      ...(payload === undefined ? {} : { payload: payload }),
      ...(raw ? { raw: rawBytes, onRaw: (bytes: string) => this.onUrcRaw(bytes) } : {}),
    });
  }

  private tick(): void {
    this.now += 0.1;
    this.channel.tick(this.now);
  }

  private note(text: string): void {
    if (this.raw) {
      const raw = this.raw;
      this.raw = "";
      this.notes.push(`raw ${raw}`);
    }
    this.notes.push(text);
  }
}
