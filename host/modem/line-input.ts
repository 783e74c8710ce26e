/**
 * What the module does with bytes from the host: echo, command lines, payloads, transparent data.
 * While a command runs, bytes wait, and are echoed and obeyed later, in order.
 * @module
 */

/** Longest command line. */
const LONGEST_LINE = 2048;

/** Bytes that wait while a command runs; what comes on top is lost. */
const QUEUE = 8192;

const CTRL_Z = "\x1a";
const ESCAPE = "\x1b";

/** Silence before and after `+++`, ms. */
const GUARD = 1000;

/** A payload that is waited for. */
export interface Payload {
  /** Bytes; undefined: up to Ctrl-Z, with ESC to give up. */
  count: number | undefined;
  /** Longest silence, ms. */
  timeout: number;
  /** Called with each piece of a payload that is counted. */
  onPiece?(bytes: string): void;
  onDone(bytes: string): void;
  /** Given up by ESC or after the silence, with what came. */
  onEnd(bytes: string, cause: "escape" | "timeout"): void;
}

export interface LineInputEvents {
  /** Whether bytes have to wait. */
  isBusy(): boolean;
  onLine(line: string): void;
  echo(bytes: string): void;
  /** Whether command lines, and payloads, are echoed. */
  echoes(kind: "line" | "payload"): boolean;
  after(ms: number, call: () => void): () => void;
  now(): number;
}

export class LineInput {
  /** S3 and S5: what ends a line, and what takes back a character. */
  endOfLine = "\r";
  backspace = "\b";
  private waiting = "";
  private line = "";
  private payload: Payload | undefined;
  private taken = "";
  private transparent: { data(bytes: string): void; leave(): void } | undefined;
  private cancelTimer: () => void = () => {};
  private lastByteAt = 0;
  private pluses = "";
  private isPumping = false;

  constructor(private readonly events: LineInputEvents) {}

  feed(bytes: string): void {
    if (this.transparent) {
      this.passOn(bytes, this.transparent);
      return;
    }
    this.waiting = (this.waiting + bytes).slice(0, QUEUE + (this.payload?.count ?? 0));
    this.pump();
  }

  /** Goes on with what waits. */
  pump(): void {
    if (this.isPumping) return;
    this.isPumping = true;
    while (this.waiting !== "" && !this.transparent) {
      if (this.payload) this.takePayload(this.payload);
      else if (this.events.isBusy()) break;
      else this.takeLine();
    }
    this.isPumping = false;
    if (this.transparent && this.waiting !== "") {
      const bytes = this.waiting;
      this.waiting = "";
      this.passOn(bytes, this.transparent);
    }
  }

  /** Takes what comes next as a payload. */
  expect(payload: Payload): void {
    this.payload = payload;
    this.taken = "";
    this.watch(payload);
    this.pump();
  }

  /** Gives all that comes to a socket, until `+++` or `stopTransparent`. */
  startTransparent(data: (bytes: string) => void, leave: () => void): void {
    this.transparent = { data, leave };
    this.lastByteAt = this.events.now();
  }

  stopTransparent(): void {
    this.transparent = undefined;
    this.pluses = "";
  }

  private watch(payload: Payload): void {
    this.cancelTimer();
    this.cancelTimer = this.events.after(payload.timeout, () => this.endPayload("timeout"));
  }

  private endPayload(cause: "escape" | "timeout"): void {
    const { payload, taken } = this;
    if (!payload) return;
    this.cancelTimer();
    this.payload = undefined;
    this.taken = "";
    payload.onEnd(taken, cause);
  }

  private takePayload(payload: Payload): void {
    const rest = this.waiting;
    if (payload.count !== undefined) {
      const piece = rest.slice(0, payload.count - this.taken.length);
      this.waiting = rest.slice(piece.length);
      this.collect(piece);
      payload.onPiece?.(piece);
      if (this.taken.length < payload.count) this.watch(payload);
      else this.finishPayload(payload);
      return;
    }
    const ends = [rest.indexOf(CTRL_Z), rest.indexOf(ESCAPE)].filter((at) => at >= 0);
    const end = ends.length > 0 ? Math.min(...ends) : -1;
    const piece = end < 0 ? rest : rest.slice(0, end);
    this.waiting = end < 0 ? "" : rest.slice(end + 1);
    this.collect(piece);
    if (end < 0) this.watch(payload);
    else if (rest[end] === CTRL_Z) this.finishPayload(payload);
    else this.endPayload("escape");
  }

  private collect(piece: string): void {
    this.taken += piece;
    if (this.events.echoes("payload")) this.events.echo(piece);
  }

  private finishPayload(payload: Payload): void {
    const { taken } = this;
    this.cancelTimer();
    this.payload = undefined;
    this.taken = "";
    payload.onDone(taken);
  }

  private takeLine(): void {
    const end = this.waiting.indexOf(this.endOfLine);
    const piece = end < 0 ? this.waiting : this.waiting.slice(0, end);
    this.waiting = end < 0 ? "" : this.waiting.slice(end + 1);
    // The line feed of a host that sends both is no part of the next line, nor of a payload when it
    // comes at once.
    if (end >= 0 && this.waiting.startsWith("\n")) this.waiting = this.waiting.slice(1);
    const begin = this.line === "" ? piece.replace(/^\n+/u, "") : piece;
    if (this.events.echoes("line")) this.events.echo(begin + (end < 0 ? "" : this.endOfLine));
    this.line = this.edited(this.line + begin).slice(0, LONGEST_LINE);
    if (end < 0) return;
    const { line } = this;
    this.line = "";
    this.events.onLine(line);
  }

  private edited(line: string): string {
    if (!line.includes(this.backspace)) return line;
    let text = "";
    for (const character of line) {
      text = character === this.backspace ? text.slice(0, -1) : text + character;
    }
    return text;
  }

  private passOn(bytes: string, to: { data(bytes: string): void; leave(): void }): void {
    const now = this.events.now();
    const wasQuiet = now - this.lastByteAt >= GUARD;
    this.lastByteAt = now;
    this.cancelTimer();
    const pluses = this.pluses + bytes;
    if (/^\++$/.test(pluses) && pluses.length <= 3 && (wasQuiet || this.pluses !== "")) {
      this.pluses = pluses;
      this.cancelTimer = this.events.after(GUARD, () => {
        this.pluses = "";
        if (pluses.length < 3) {
          to.data(pluses);
          return;
        }
        this.stopTransparent();
        to.leave();
      });
      return;
    }
    this.pluses = "";
    to.data(pluses);
  }
}
