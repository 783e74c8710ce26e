/**
 * Whether an answer may still be under way that no command waits for, and what ends that: quiet, an
 * `AT` that is answered, and quiet again.
 * @module
 */
import { type AtCommand, type AtCounters, CME, ignore, OK, TIMEOUT, UNKNOWN } from "./command.ts";

/** An old answer may come; to be cleared up before the next command. */
export const LATE = 1;
/** A command got no answer; to be cleared up at once. */
export const LOST = 2;

// What follows from a result.
export const DONE = 0;
/** The command goes first once more. */
export const AGAIN = 1;
/** The modem may wait for data. */
export const ESCAPE = 2;
/** The modem answers nothing any more. */
export const DEAD = 3;

/** Seconds. */
const QUIET = 0.35;
const LONGEST_DRAIN = 2;

/** Times are in seconds of the channel's clock. */
export class Doubt {
  /** 0: none. */
  level = 0;
  /** The command whose answer may still come. */
  late: AtCommand | undefined;
  /** An `AT` was answered; what follows it may still be on the line. */
  answered = false;
  /** What is sent, up to 9 times; waited for 3 times 1 s, 3 times 3 s, 3 times 9 s. */
  readonly sync: AtCommand = { text: "AT", timeout: 1, done: ignore };
  /** When the modem was last heard. */
  heard = 0;
  private since = 0;
  private tries = 0;
  /** The command that is repeated. */
  private again: AtCommand | undefined;

  constructor(private readonly counters: AtCounters) {}

  /** An old prompt may come. */
  get prompts(): boolean {
    return !!this.late && this.late.payload !== undefined;
  }

  raise(level: number, late: AtCommand | undefined, clock: number): void {
    if (level === LOST) this.counters.resyncs++;
    this.level = Math.max(this.level, level);
    if (late && late !== this.sync) this.late = late;
    this.answered = false;
    this.since = clock;
    this.tries = 0;
    this.sync.timeout = 1;
  }

  clear(): void {
    this.level = 0;
    this.late = undefined;
  }

  /** What follows from a command's result. */
  judge(command: AtCommand, result: number, clock: number): number {
    const isAt = command.text === "AT";
    if (isAt && this.level && result === OK) {
      this.answered = true;
      this.since = clock;
    } else if (command === this.sync) {
      if (++this.tries % 3 === 0) this.sync.timeout = this.tries === 3 ? 3 : 9;
      if (this.tries > 8) {
        this.clear();
        return DEAD;
      }
    } else if (result === TIMEOUT || result === UNKNOWN) {
      this.counters.timeouts++;
      this.raise(isAt ? LATE : LOST, command, clock);
      if (command.payload !== undefined && result === TIMEOUT) return ESCAPE;
    } else if ((result === CME + 58 || result === CME + 100) && !command.payload && !isAt) {
      // "Unknown", and UNISOC's "not understood": line noise has hit the command.
      const isFirst = command !== this.again;
      this.again = isFirst ? command : undefined;
      if (isFirst) {
        this.raise(LOST, command, clock);
        return AGAIN;
      }
    }
    return DONE;
  }

  /** Puts off what comes next until the modem has been quiet for a second. */
  pause(clock: number): void {
    this.heard = clock + 1 - QUIET;
  }

  isQuiet(clock: number): boolean {
    return clock - this.heard >= QUIET || clock - this.since >= LONGEST_DRAIN;
  }
}
