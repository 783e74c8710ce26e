/**
 * A serial wire between a pseudo terminal and a board: as fast as a baud rate allows, with noise and
 * losses where a test asks for them, and a plug that can be pulled.
 * @module
 */
import { Pty } from "../../host/modem/pty.ts";

/** Bits on the wire for a byte: start and stop. */
const BITS = 10;
const TICK_MS = 4;

export interface WireOptions {
  /** Bits a second in each direction; without, as fast as it goes. */
  baud?: number;
  /** Changes what goes to the board: noise, losses. Called with up to a tick's bytes. */
  spoil?(bytes: string): string;
}

/** One direction, paced. */
class Lane {
  private queue = "";
  private timer: NodeJS.Timeout | undefined;
  private last = 0;
  private credit = 0;
  carried = 0;

  constructor(
    private readonly baud: number | undefined,
    private readonly deliver: (bytes: string) => void,
  ) {}

  push(bytes: string): void {
    if (this.baud === undefined) {
      this.carried += bytes.length;
      this.deliver(bytes);
      return;
    }
    this.queue += bytes;
    if (this.timer) return;
    this.last = performance.now();
    this.credit = 0;
    this.timer = setInterval(() => this.tick(this.baud as number), TICK_MS);
  }

  private tick(baud: number): void {
    const now = performance.now();
    this.credit += ((now - this.last) * baud) / BITS / 1000;
    this.last = now;
    const count = Math.min(Math.floor(this.credit), this.queue.length);
    if (count > 0) {
      this.credit -= count;
      this.carried += count;
      const bytes = this.queue.slice(0, count);
      this.queue = this.queue.slice(count);
      this.deliver(bytes);
    }
    if (this.queue === "") this.stop();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.queue = "";
  }
}

/** What stands at the board's end: a virtual board, or a process. */
export interface WireEnd {
  type(bytes: string): void;
  onConsole(listener: (text: string) => void): () => void;
}

export class Wire {
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly pty: Pty,
    private readonly lanes: { to: Lane; from: Lane },
    private readonly stopListening: () => void,
  ) {}

  static async open(end: WireEnd, { baud, spoil }: WireOptions = {}): Promise<Wire> {
    const to = new Lane(baud, (bytes) => end.type(spoil ? spoil(bytes) : bytes));
    const pty = await Pty.open((bytes) => to.push(bytes));
    const from = new Lane(baud, (bytes) => pty.send(bytes));
    return new Wire(
      pty,
      { to, from },
      end.onConsole((text) => from.push(text)),
    );
  }

  /** What `openBoard` takes. */
  get path(): string {
    return this.pty.path;
  }

  /** Bytes that went to the board. */
  get carried(): number {
    return this.lanes.to.carried;
  }

  /** Pulls the plug: the port vanishes. */
  close(): Promise<void> {
    this.stopListening();
    this.lanes.to.stop();
    this.lanes.from.stop();
    this.closed ??= this.pty.close();
    return this.closed;
  }
}
