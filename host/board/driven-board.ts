/**
 * A virtual board in this thread with a clock that is driven by hand: for tests of time, of power
 * cuts at each flash operation, of thousands of boots.
 * @module
 */
import { type FlashHook, NorFlash } from "./flash/nor-flash.ts";
import type { Host, NetworkDriver, WifiWorld } from "./interpreter/host.ts";
import { Runner } from "./interpreter/runner.ts";
import type { PinPeer, SerialPeer } from "./peers.ts";
import type { BoardFile } from "./power.ts";

/** Something with a clock of its own that the board's time takes along, a modem say. */
export interface Companion {
  /** When something is due next, in milliseconds since 1970; Infinity: nothing is. */
  next(): number;
  /** Lets time pass up to then, with all that is due in it. */
  advance(to: number): void;
}

export interface DrivenBoardOptions {
  board: BoardFile;
  /** Contents of the flash; erased when missing. */
  bytes?: Uint8Array;
  network?: NetworkDriver;
  wifi?: WifiWorld;
  /** Serial ports by name, e.g. `Serial2`, or by the path that they are set up with. */
  serial?: Record<string, SerialPeer>;
  pins?: PinPeer;
  companions?: Companion[];
  /**
   * Milliseconds between two looks at a network that is a script itself, 1; the real interpreter
   * looks all the time, which takes long for hours of driven time. Serial data wakes it at once.
   */
  pollMs?: number;
}

/** A network on which nothing answers. */
const noNetwork: NetworkDriver = {
  create: () => ({ reason: "refused", errno: 101 }),
  receive: () => -1,
  send: () => -1,
  close: () => {},
  accept: () => -1,
};

/** A board whose time passes only in `run`. */
export class DrivenBoard {
  readonly flash: NorFlash;
  /** What the console printed since power-on. */
  output = "";
  /** Why the board restarted by itself since power-on. */
  readonly restarts: string[] = [];
  /** Milliseconds that pass when a script looks at the clock, so that waiting loops end. */
  tick = 0.001;
  /** Milliseconds since 1970. */
  time = Date.UTC(2026, 0, 1);
  wifi: WifiWorld;
  /** Names of pins that something pulls low. */
  readonly lowPins = new Set<string>();
  private runner: Runner | undefined;
  private wasInterrupted = false;
  /** Whether something reached the board from outside since its last turn. */
  private wasReached = false;
  private readonly companions: Companion[];
  private readonly host: Host;

  constructor(private readonly options: DrivenBoardOptions) {
    const { size, base, page } = options.board.machine.flash;
    const bytes = options.bytes ?? new Uint8Array(size).fill(0xff);
    this.flash = new NorFlash(bytes, base, page);
    this.wifi = options.wifi ?? { networks: [] };
    this.companions = options.companions ?? [];
    const lines = new Map(
      Object.entries(options.serial ?? {}).map(([port, peer]) => {
        peer.connect((bytes) => this.receiveSerial(port, bytes));
        return [port, { write: (bytes: string) => this.sendSerial(peer, bytes) }];
      }),
    );
    options.pins?.connect?.((pin, low) => this.pull(pin, low));
    const self = this;
    this.host = {
      now: () => {
        this.time += this.tick;
        return this.time;
      },
      flash: this.flash,
      output: (text) => {
        this.output += text;
      },
      network: options.network ?? noNetwork,
      resolve: () => undefined,
      serial: (port) => lines.get(port),
      ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
      get wifi() {
        return self.wifi;
      },
      isLow: (pin) => self.lowPins.has(pin),
      drive: (pin, level) => {
        this.catchUp();
        options.pins?.outputs(pin, level === "low", level === "high");
      },
      interrupted: () => {
        const was = this.wasInterrupted;
        this.wasInterrupted = false;
        return was;
      },
    };
  }

  get isOn(): boolean {
    return this.runner !== undefined;
  }

  /** Callbacks, timers' included, since the interpreter's last start: each wakes a board that sleeps. */
  get calls(): number {
    return this.runner?.interpreter?.calls ?? 0;
  }

  /** Switches on; the boot files run at once. */
  powerOn(hook?: FlashHook): void {
    this.output = "";
    this.restarts.length = 0;
    this.flash.hook = hook;
    this.flash.operations = 0;
    this.runner = new Runner(this.options.board, this.host, {
      isPowered: () => true,
      restarting: () => {},
      rebooted: (cause) => this.restarts.push(cause),
      off: () => {
        this.runner = undefined;
      },
    });
    this.runner.turn();
  }

  powerOff(): void {
    this.runner?.stop("switched");
  }

  /**
   * Lets time pass, in milliseconds, with all that is due in it. Companions and the board take turns
   * by what is due first, the companions before the board; theirs goes on while the board is off.
   */
  run(ms: number): void {
    const end = this.time + ms;
    if (this.companions.length > 0) {
      this.runTogether(end);
      return;
    }
    while (this.runner) {
      const wait = this.runner.turn();
      if (this.time + wait > end) {
        if (this.time < end) this.time = end;
        return;
      }
      this.time += wait;
    }
  }

  private runTogether(end: number): void {
    for (;;) {
      this.wasReached = false;
      const wait = this.runner?.turn() ?? Number.POSITIVE_INFINITY;
      const due = this.runner ? this.time + wait : Number.POSITIVE_INFINITY;
      while (!(this.wasReached && this.runner)) {
        const next = Math.max(Math.min(...this.companions.map((one) => one.next())), this.time);
        if (next > due || next > end) break;
        this.time = next;
        this.catchUp();
      }
      if (this.wasReached && this.runner && this.time <= end) continue;
      this.time = Math.max(this.time, Math.min(due, end));
      if (due > end) break;
    }
    this.catchUp();
  }

  /** Takes the companions along to the board's time. */
  private catchUp(): void {
    for (const one of this.companions) one.advance(this.time);
  }

  private sendSerial(peer: SerialPeer, bytes: string): void {
    this.catchUp();
    void peer.receive(bytes);
  }

  /** Begins, or ceases, to pull a pin low. */
  pull(pin: string, low: boolean): void {
    if (low) this.lowPins.add(pin);
    else this.lowPins.delete(pin);
    this.wasReached = true;
  }

  type(text: string): void {
    this.runner?.interpreter?.type(text);
  }

  /** Ctrl-C, as it comes while a script runs. */
  interrupt(): void {
    this.wasInterrupted = true;
  }

  /** The board's clock jumps by milliseconds under its timers, as SNTP makes it. */
  jumpClock(ms: number): void {
    this.runner?.interpreter?.jumpClock(ms);
  }

  /** Bytes come in at a serial port. */
  receiveSerial(port: string, bytes: string): void {
    this.wasReached = true;
    this.runner?.interpreter?.receiveSerial(port, bytes);
  }
}
