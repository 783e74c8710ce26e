/**
 * A virtual board in this thread with a clock that is driven by hand: for tests of time, of power
 * cuts at each flash operation, of thousands of boots.
 * @module
 */
import { type FlashHook, NorFlash } from "./flash/nor-flash.ts";
import type { Host, NetworkDriver, WifiWorld } from "./interpreter/host.ts";
import { Runner } from "./interpreter/runner.ts";
import type { BoardFile } from "./power.ts";

export interface DrivenBoardOptions {
  board: BoardFile;
  /** Contents of the flash; erased when missing. */
  bytes?: Uint8Array;
  network?: NetworkDriver;
  wifi?: WifiWorld;
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
  private readonly host: Host;

  constructor(private readonly options: DrivenBoardOptions) {
    const { size, base, page } = options.board.machine.flash;
    const bytes = options.bytes ?? new Uint8Array(size).fill(0xff);
    this.flash = new NorFlash(bytes, base, page);
    this.wifi = options.wifi ?? { networks: [] };
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
      serial: () => undefined,
      get wifi() {
        return self.wifi;
      },
      isLow: (pin) => self.lowPins.has(pin),
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

  /** Lets time pass, in milliseconds, with all that is due in it. */
  run(ms: number): void {
    const end = this.time + ms;
    while (this.runner) {
      const wait = this.runner.turn();
      if (this.time + wait > end) {
        if (this.time < end) this.time = end;
        return;
      }
      this.time += wait;
    }
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
    this.runner?.interpreter?.receiveSerial(port, bytes);
  }
}
