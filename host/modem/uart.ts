/**
 * The serial port on the module's side: pieces, pace, and what goes wrong on wires.
 * @module
 */
import type { ModemClock } from "./clock.ts";
import { HookList } from "./hooks.ts";

/** Bytes that one event of a paced port brings at most. */
const PIECE = 64;

/** Start bit, 8 data bits, stop bit. */
const BITS = 10;

/** One direction of a paced wire. */
class Wire {
  private readonly waiting: string[] = [];
  private isBusy = false;
  /** When the wire is free again, ms since 1970, with fractions. */
  private freeAt = 0;

  constructor(
    private readonly clock: ModemClock,
    private readonly deliver: (bytes: string) => void,
    private readonly baud: () => number,
  ) {}

  write(bytes: string): void {
    for (let at = 0; at < bytes.length; at += PIECE) this.waiting.push(bytes.slice(at, at + PIECE));
    this.next();
  }

  clear(): void {
    this.waiting.length = 0;
  }

  /** Milliseconds until all that waits has gone over. */
  get left(): number {
    const bytes = this.waiting.reduce((sum, piece) => sum + piece.length, 0);
    return Math.max(0, this.freeAt - this.clock.now()) + (bytes * BITS * 1000) / this.baud();
  }

  private next(): void {
    if (this.isBusy) return;
    this.freeAt = Math.max(this.freeAt, this.clock.now());
    this.carry();
  }

  /** The next piece begins when the one before ended, even if that was seen later. */
  private carry(): void {
    const piece = this.waiting.shift();
    this.isBusy = piece !== undefined;
    if (piece === undefined) return;
    this.freeAt += (piece.length * BITS * 1000) / this.baud();
    this.clock.after(this.freeAt - this.clock.now(), () => {
      this.deliver(piece);
      this.carry();
    });
  }
}

/** The module's serial port. */
export class Uart {
  /** Bits per second at the module's side. */
  baud = 115_200;
  /** Bits per second at the host's side; undefined: always the module's. */
  hostBaud: number | undefined;
  /** Cuts what goes to the host into pieces that arrive one by one. */
  split: ((bytes: string) => string[]) | undefined;
  /** What goes to the host, as the wires change it. */
  readonly output = new HookList<[bytes: string], string>();
  /** What comes from the host, as the wires change it. */
  readonly input = new HookList<[bytes: string], string>();
  /** Bytes to the host so far. */
  sent = 0;
  private readonly watchers: { at: number; call: () => void }[] = [];
  private waiting = "";
  private held = 0;
  private toHost: ((bytes: string) => void) | undefined;
  private readonly out: Wire;
  private readonly in: Wire;

  constructor(
    private readonly clock: ModemClock,
    private readonly paced: boolean,
    private readonly toModem: (bytes: string) => void,
    private readonly trace: (bytes: string) => void,
  ) {
    const baud = () => this.baud;
    this.out = new Wire(clock, (bytes) => this.toHost?.(bytes), baud);
    this.in = new Wire(clock, (bytes) => this.hear(bytes), baud);
  }

  connect(send: (bytes: string) => void): void {
    this.toHost = send;
  }

  /** Bytes from the host; gives in how many ms they have gone over the wire. */
  receive(bytes: string): number {
    if (!this.paced) {
      this.hear(bytes);
      return 0;
    }
    this.in.write(bytes);
    return this.in.left;
  }

  /** Bytes to the host. They leave after the call that writes them. */
  write(bytes: string): void {
    if (bytes === "") return;
    this.trace(bytes);
    if (this.waiting === "" && this.held === 0) this.clock.after(0, () => this.flush());
    this.waiting += bytes;
  }

  /** Keeps back what goes to the host for so many ms; then it comes in one piece. */
  hold(ms: number): void {
    this.held++;
    this.clock.after(ms, () => {
      this.held--;
      this.flush();
    });
  }

  /** Calls when so many more bytes have gone to the host: just after the nth. */
  atByte(count: number, call: () => void): void {
    this.watchers.push({ at: this.sent + Math.max(1, count), call });
    this.watchers.sort((one, other) => one.at - other.at);
  }

  /** Forgets what has not left yet, as a reset does. */
  clear(): void {
    this.waiting = "";
    this.out.clear();
  }

  private hear(bytes: string): void {
    const heard = this.asHeard(bytes);
    this.toModem(this.input.ask(heard) ?? heard);
  }

  private flush(): void {
    if (this.held > 0 || this.waiting === "") return;
    let bytes = this.waiting;
    this.waiting = "";
    bytes = this.output.ask(bytes) ?? bytes;
    const watcher = this.watchers[0];
    if (watcher && watcher.at <= this.sent + bytes.length) {
      this.watchers.shift();
      const rest = bytes.slice(watcher.at - this.sent);
      this.emit(bytes.slice(0, watcher.at - this.sent));
      this.waiting = rest;
      watcher.call();
      this.clock.after(0, () => this.flush());
      return;
    }
    this.emit(bytes);
  }

  private emit(bytes: string): void {
    this.sent += bytes.length;
    const heard = this.asHeard(bytes);
    for (const piece of this.split?.(heard) ?? [heard]) {
      if (this.paced) this.out.write(piece);
      else if (piece !== "") this.toHost?.(piece);
    }
  }

  /** At the wrong rate bytes turn into others. */
  private asHeard(bytes: string): string {
    if (this.hostBaud === undefined || this.hostBaud === this.baud) return bytes;
    const factor = Math.max(1, Math.round(bytes.length * Math.min(1, this.hostBaud / this.baud)));
    return "\x00\xff\x80\xf8".repeat(Math.ceil(factor / 4)).slice(0, factor);
  }
}
