/**
 * The channel of AT commands: one in flight, the others wait by priority. Each line belongs to the
 * running command, to the table of unsolicited result codes (URC), or to nobody. After a command
 * without an answer nothing is sent until the modem is quiet and has answered an `AT` (`doubt.ts`).
 * @module
 */
import {
  ABORTED,
  type AtCommand,
  type AtCounters,
  type AtEvents,
  claims,
  ECHO_OFF,
  ERROR,
  enqueue,
  finalResult,
  isLineOf,
  NOISE,
  NONE,
  OK,
  TIMEOUT,
  UNKNOWN,
} from "./command.ts";
import { AGAIN, DEAD, DONE, Doubt, ESCAPE, LATE, LOST } from "./doubt.ts";
import { type TokenEvents, Tokenizer } from "./tokenizer.ts";

export * from "./command.ts";

const MOST_LINES = 16;
const MOST_RAW = 4096;
const PROMPT_SECONDS = 5;
/** Bytes of a payload in a tick; 115200 baud carry as many. */
const PIECE = 1024;

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
  /** Whose the raw bytes are. */
  private rawOf: AtCommand | AtEvents | undefined;
  /** Seconds; runs with the ticks, whatever the board's clock does. */
  private clock = 0;
  private ticked = 0;
  private deadline = 0;
  private rawDeadline = 0;
  private readonly doubt: Doubt = new Doubt(this.counters);
  /** Heard something since the last tick. */
  private fed = false;
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
    return !this.running && !this.queue.length && this.doubt.level !== LOST;
  }

  /** CR and LF between the last raw byte and the line after it. */
  get space(): number {
    return this.tokens.space;
  }

  /** Takes what the modem sent. */
  feed(chunk: string): void {
    this.fed = true;
    if (this.feeding) {
      this.unfed += chunk;
      return;
    }
    const tokens = this.tokens;
    if (tokens.rawLeft > chunk.length && !tokens.headerLf) {
      tokens.rawLeft -= chunk.length;
      this.onRaw(chunk);
      return;
    }
    this.feeding = true;
    try {
      while (chunk) {
        tokens.feed(chunk);
        chunk = this.unfed;
        if (chunk) this.unfed = "";
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
    if (this.fed) this.doubt.heard = Math.max(this.doubt.heard, this.clock);
    this.fed = false;
    this.clock += step >= 0 && step <= 0.5 ? step : 0.1;
    if (this.tokens.rawLeft && this.clock >= this.rawDeadline) this.giveUpRaw();
    const command = this.running;
    if (command) {
      if (command.payload && this.sent >= 0 && this.sent < command.payload.length) this.push();
      else if (this.clock >= this.deadline && this.rawOf !== command) {
        this.finish(this.sent < 0 ? TIMEOUT : UNKNOWN);
      }
    }
    this.next();
  }

  send(command: AtCommand): void {
    if (this.running || this.queue.length || this.echoUnwanted || this.doubt.level) {
      enqueue(this.queue, command);
      this.next();
    } else this.start(command);
  }

  /**
   * Ends the running command and all that wait with a result. `fresh`: the modem was just switched
   * on, no answer can come any more.
   */
  abort(result: number, fresh = false): void {
    const ended = this.running ? [this.running].concat(this.queue) : this.queue;
    if (fresh) {
      this.tokens.reset();
      this.doubt.clear();
    } else this.doubt.raise(LATE, this.running, this.clock);
    this.queue = [];
    this.running = undefined;
    this.echoUnwanted = false;
    this.tokens.armed = false;
    for (const command of ended) command.done(result, []);
  }

  onLine(line: string): number {
    const command = this.running;
    if (line === "OK" && command && command.payload === undefined) {
      this.finish(OK);
      return 0;
    }
    if (command && claims(command, line)) {
      this.collect(line);
      return this.announce(command.raw ? command.raw(line) : 0, command);
    }
    if (command && this.take(command, line)) return 0;
    const late = this.doubt.late;
    if (late && late.raw && claims(late, line)) return this.announce(late.raw(line), late);
    const raw = this.events.onUrc(line);
    if (raw < 0 && command && command.plain) this.collect(line);
    else if (raw < 0) this.counters.noise++;
    return this.announce(raw, this.events);
  }

  onPrompt(): void {
    this.tokens.armed = false;
    // Late: the command has been given up.
    if (!this.running || this.running.payload === undefined) this.escape();
    else {
      this.sent = 0;
      this.push();
    }
  }

  onRaw(bytes: string): void {
    const command = this.running;
    if (command && this.rawOf === command) {
      if (command.onRaw) command.onRaw(bytes);
    } else if (this.rawOf === this.events) this.events.onUrcRaw(bytes);
  }

  onRawEnd(): void {
    this.rawOf = undefined;
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
    if (this.echoed && prompted && isLineOf(line, payload as string)) return true;
    const result = finalResult(line, command, prompted);
    if (result === NONE) return false;
    if (result === NOISE) this.counters.noise++;
    else {
      if (result === ERROR && line !== "ERROR") this.collect(line);
      this.finish(result);
    }
    return true;
  }

  private collect(line: string): void {
    if (this.lines.length < MOST_LINES) this.lines.push(line);
  }

  private announce(raw: number, owner: AtCommand | AtEvents): number {
    if (raw > 0) {
      raw = Math.min(raw, MOST_RAW);
      this.rawOf = owner;
      // 115200 baud carry 11.5 bytes a millisecond; up to 0.1 s passes between two ticks.
      this.rawDeadline = this.clock + raw / 11000 + 0.6;
    }
    return raw;
  }

  private giveUpRaw(): void {
    const owner = this.rawOf;
    const missing = this.tokens.dropRaw();
    this.counters.lost += missing;
    this.rawOf = undefined;
    if (owner && owner === this.running) this.finish(TIMEOUT);
    else if (owner === this.events && this.events.onUrcShort) this.events.onUrcShort(missing);
  }

  private push(): void {
    const command = this.running as AtCommand;
    const part = (command.payload as string).substr(this.sent, PIECE);
    this.sent += part.length;
    this.deadline = this.clock + (command.timeout || 5);
    this.port.write(part);
  }

  /** Leaves data mode, and gives the modem a second for it. */
  private escape(): void {
    this.port.write("\x1b");
    this.doubt.pause(this.clock);
  }

  private next(): void {
    if (this.running) return;
    const doubt = this.doubt;
    const first = this.queue[0];
    if (doubt.level) {
      if (this.fed || !doubt.isQuiet(this.clock)) return;
      if (doubt.answered) doubt.clear();
      else if (doubt.level === LOST || this.echoUnwanted || (first && first.text !== "AT")) {
        this.start(doubt.sync);
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
    this.running = command;
    this.lines = [];
    this.sent = -1;
    this.echoed = false;
    this.tokens.armed = prompts || (this.doubt.level > 0 && this.doubt.prompts);
    this.deadline = this.clock + (prompts ? PROMPT_SECONDS : command.timeout || 5);
    this.port.write(command.text + "\r");
  }

  private finish(result: number): void {
    const command = this.running as AtCommand;
    const lines = this.lines;
    this.running = undefined;
    this.tokens.armed = false;
    const doubt = this.doubt;
    const verdict = result || doubt.level ? doubt.judge(command, result, this.clock) : DONE;
    if (verdict === ESCAPE) {
      // The prompt may have been lost, and the modem waits for data.
      this.tokens.armed = true;
      this.escape();
    } else if (verdict === DEAD) {
      this.abort(ABORTED);
      this.events.onDead();
    }
    if (verdict === AGAIN) this.queue.unshift(command);
    else command.done(result, lines);
    if (this.queue.length || this.echoUnwanted || doubt.level) this.next();
  }
}
