/**
 * The channel of AT commands: one in flight, the others wait by priority. Each line belongs to the
 * running command, to the table of unsolicited result codes (URC), or to nobody. After a command
 * without an answer the channel is in doubt: nothing is sent until the modem is quiet and has
 * answered an `AT`, so that no late answer is taken for that of the next command. Its time is what
 * `tick` tells.
 * @module
 */
import {
  ABORTED,
  type AtCommand,
  CME,
  claims,
  ERROR,
  finalResult,
  NONE,
  OK,
  TIMEOUT,
  UNKNOWN,
} from "./command.ts";
import { type TokenEvents, Tokenizer } from "./tokenizer.ts";

export * from "./command.ts";

/** Hears what belongs to no command. */
export interface AtEvents {
  /**
   * A line that the running command does not claim. 0: known; above 0: known, and so many raw bytes
   * follow; -1: not known, so a command that takes any line may have it. Only sets flags.
   */
  onUrc(line: string): number;
  /** A piece of the raw bytes that a URC announced. */
  onUrcRaw(bytes: string): void;
  /** So many of them never came. */
  onUrcShort?(missing: number): void;
  /** Nine `AT` within 40 s got no answer. All commands were ended as aborted; new ones are sent. */
  onDead(): void;
}

/** What happened how often since the start. */
export interface AtCounters {
  timeouts: number;
  resyncs: number;
  /** Raw bytes that were announced and never came. */
  lost: number;
  /** Lines that belonged to nobody. */
  noise: number;
  echoes: number;
}

const MOST_LINES = 16;
const MOST_RAW = 4096;
/** Seconds. */
const PROMPT_TIME = 5;
const QUIET = 0.35;
const LONGEST_DRAIN = 2;
/** Bytes of a payload that a tick may write; 115200 baud carry as many in that time. */
const PIECE = 1024;

// Whose the raw bytes are.
const NOBODYS = 0;
const COMMANDS = 1;
const URCS = 2;

// How far the answers are in doubt.
const LATE = 1;
const LOST = 2;

function ignore(): void {}
const SYNC: AtCommand = { text: "AT", done: ignore };
const ECHO_OFF: AtCommand = { text: "ATE0", done: ignore };

export class AtChannel implements TokenEvents {
  readonly counters: AtCounters = { timeouts: 0, resyncs: 0, lost: 0, noise: 0, echoes: 0 };
  private readonly tokens: Tokenizer;
  private queue: AtCommand[] = [];
  private running: AtCommand | undefined;
  private lines: string[] = [];
  /** Bytes of the payload that have been written; -1: no prompt yet. */
  private sent = -1;
  /** The running command was echoed: its payload may be as well. */
  private echoed = false;
  private echoUnwanted = false;
  private rawOf = NOBODYS;
  /** Seconds; runs with the ticks, whatever the board's clock does. */
  private clock = 0;
  private ticked = 0;
  private heard = 0;
  private deadline = 0;
  private rawDeadline = 0;
  private doubt = 0;
  /** In doubt: since when the modem is waited for, the `AT`s in vain, the wait for the next one. */
  private since = 0;
  private tries = 0;
  private patience = 1;
  private answered = false;
  /** In doubt: the command whose answer may still come. */
  private late: AtCommand | undefined;
  /** The command that is repeated. */
  private again: AtCommand | undefined;
  private feeding = false;
  private unfed = "";

  constructor(
    private readonly port: { write(bytes: string): void },
    private readonly events: AtEvents,
  ) {
    this.tokens = new Tokenizer(this);
  }

  /** Nothing is running, waiting, or to be cleared up. */
  get idle(): boolean {
    return !this.running && !this.queue.length && this.doubt !== LOST;
  }

  /** Takes what the modem sent. */
  feed(chunk: string): void {
    this.heard = this.clock;
    this.unfed += chunk;
    if (this.feeding) return;
    this.feeding = true;
    try {
      while (this.unfed) {
        const bytes = this.unfed;
        this.unfed = "";
        this.tokens.feed(bytes);
      }
    } finally {
      this.feeding = false;
    }
  }

  /**
   * To be called about every 100 ms with the time in seconds. A step back or of more than 0.5 s
   * counts as 0.1 s: the clock was set, or the board was busy and what came meanwhile is unread.
   */
  tick(now: number): void {
    const step = now - this.ticked;
    this.ticked = now;
    this.clock += step >= 0 && step <= 0.5 ? step : 0.1;
    if (this.tokens.rawLeft && this.clock >= this.rawDeadline) this.giveUpRaw();
    const command = this.running;
    if (command) {
      if (command.payload && this.sent >= 0 && this.sent < command.payload.length) this.push();
      else if (this.clock >= this.deadline && this.rawOf !== COMMANDS) {
        this.finish(this.sent < 0 ? TIMEOUT : UNKNOWN);
      }
    }
    this.next();
  }

  send(command: AtCommand): void {
    const queue = this.queue;
    let at = queue.length;
    while (at && (queue[at - 1].priority || 0) < (command.priority || 0)) at--;
    queue.splice(at, 0, command);
    this.next();
  }

  /**
   * Ends the running command and all that wait with a result. `fresh`: the modem was just switched
   * on, no answer can come any more.
   */
  abort(result: number, fresh = false): void {
    const ended = this.running ? [this.running].concat(this.queue) : this.queue;
    if (fresh) {
      this.tokens.reset();
      this.doubt = 0;
    } else this.suspect(LATE, this.running === SYNC ? undefined : this.running);
    this.queue = [];
    this.running = undefined;
    this.again = undefined;
    this.echoUnwanted = false;
    this.rawOf = NOBODYS;
    this.tokens.armed = false;
    for (const command of ended) command.done(result, []);
  }

  onLine(line: string): number {
    const command = this.running;
    if (command && this.take(command, line)) return 0;
    if (command && claims(command, line)) {
      this.collect(line);
      return this.announce(command.raw ? command.raw(line) : 0, COMMANDS);
    }
    const late = this.doubt ? this.late : undefined;
    if (late && late.raw && claims(late, line)) return this.announce(late.raw(line), NOBODYS);
    const raw = this.events.onUrc(line);
    if (raw >= 0) return this.announce(raw, URCS);
    if (command && command.plain) this.collect(line);
    else this.counters.noise++;
    return 0;
  }

  onPrompt(): void {
    this.tokens.armed = false;
    // Late: the command has been given up.
    if (!this.running || this.running.payload === undefined) this.port.write("\x1b");
    else {
      this.sent = 0;
      this.push();
    }
  }

  onRaw(bytes: string): void {
    const command = this.running;
    if (this.rawOf === URCS) this.events.onUrcRaw(bytes);
    else if (this.rawOf && command && command.onRaw) command.onRaw(bytes);
  }

  onRawEnd(): void {
    this.rawOf = NOBODYS;
  }

  /** Echo, prompt and final result: whether the line is one of them. */
  private take(command: AtCommand, line: string): boolean {
    if (line === command.text) {
      this.counters.echoes++;
      this.echoed = true;
      // The first commands after a start are echoed in any case.
      if (line !== "AT" && !line.startsWith("ATE")) this.echoUnwanted = true;
      return true;
    }
    const payload = command.payload;
    const prompted = this.sent >= 0;
    if (payload !== undefined && !prompted && line === "CONNECT") {
      this.onPrompt();
      return true;
    }
    if (this.echoed && prompted && ("\n" + payload + "\r").indexOf("\n" + line + "\r") >= 0) {
      return true;
    }
    const result = finalResult(line);
    if (result === NONE) return false;
    if (payload !== undefined && !prompted && result === OK) this.counters.noise++;
    else if (line.startsWith("SEND ") && command.text.indexOf("SEND") < 0) this.counters.noise++;
    else {
      if (result === ERROR) this.collect(line);
      this.finish(result);
    }
    return true;
  }

  private collect(line: string): void {
    if (this.lines.length < MOST_LINES) this.lines.push(line);
  }

  private announce(raw: number, owner: number): number {
    if (raw > 0) {
      raw = Math.min(raw, MOST_RAW);
      this.rawOf = owner;
      // 115200 baud carry 11.5 bytes a millisecond; up to 0.1 s passes between two ticks.
      this.rawDeadline = this.clock + raw / 11000 + 0.6;
    }
    return raw;
  }

  private giveUpRaw(): void {
    const missing = this.tokens.dropRaw();
    const owner = this.rawOf;
    this.counters.lost += missing;
    this.rawOf = NOBODYS;
    if (owner === COMMANDS) this.finish(TIMEOUT);
    else if (owner === URCS && this.events.onUrcShort) this.events.onUrcShort(missing);
  }

  private push(): void {
    const command = this.running as AtCommand;
    const part = (command.payload as string).substr(this.sent, PIECE);
    this.sent += part.length;
    this.deadline = this.clock + (command.timeout || 5);
    this.port.write(part);
  }

  private next(): void {
    if (this.running) return;
    const first = this.queue[0];
    if (this.doubt) {
      if (this.clock - this.heard < QUIET && this.clock - this.since < LONGEST_DRAIN) return;
      if (this.answered) {
        this.doubt = 0;
        this.late = undefined;
      } else if (this.doubt === LOST || (first && first.text !== SYNC.text)) {
        this.start(SYNC);
        return;
      }
    }
    if (this.echoUnwanted) {
      this.echoUnwanted = false;
      this.start(ECHO_OFF);
    } else if (first) {
      this.queue.shift();
      this.start(first);
    }
  }

  private start(command: AtCommand): void {
    const prompts = command.payload !== undefined;
    const late = this.doubt ? this.late : undefined;
    this.running = command;
    this.lines = [];
    this.sent = -1;
    this.echoed = false;
    this.tokens.armed = prompts || (!!late && late.payload !== undefined);
    const time = prompts ? PROMPT_TIME : command === SYNC ? this.patience : command.timeout || 5;
    this.deadline = this.clock + time;
    this.port.write(command.text + "\r");
  }

  private finish(result: number): void {
    const command = this.running as AtCommand;
    const lines = this.lines;
    this.running = undefined;
    this.tokens.armed = false;
    if (command.text === SYNC.text && this.doubt && result === OK) {
      this.answered = true;
      this.since = this.clock;
    } else if (command === SYNC) this.failSync();
    else if (result === TIMEOUT || result === UNKNOWN) {
      this.counters.timeouts++;
      this.suspect(command.text === SYNC.text ? LATE : LOST, command);
      if (command.payload !== undefined && result === TIMEOUT) {
        // The prompt may have been lost, and the modem waits for data.
        this.port.write("\x1b");
        this.heard = this.clock + 0.65;
      }
    }
    // "Unknown", and UNISOC's "not understood": line noise has hit the command.
    const noisy = result === CME + 58 || result === CME + 100;
    if (noisy && !command.payload && command.text !== SYNC.text && command !== this.again) {
      this.again = command;
      this.queue.unshift(command);
      this.suspect(LOST, command);
    } else {
      this.again = undefined;
      command.done(result, lines);
    }
    this.next();
  }

  private suspect(doubt: number, late: AtCommand | undefined): void {
    if (doubt === LOST) this.counters.resyncs++;
    this.doubt = Math.max(this.doubt, doubt);
    this.late = late || this.late;
    this.answered = false;
    this.since = this.clock;
    this.tries = 0;
    this.patience = 1;
  }

  private failSync(): void {
    if (++this.tries % 3) return;
    this.patience *= 3;
    if (this.tries < 9) return;
    this.doubt = 0;
    this.abort(ABORTED);
    this.events.onDead();
  }
}
