/**
 * What the parts of the driver share.
 * @module
 */
import type { CellularSettings, LinkIdentity } from "../link.ts";
import type { AtChannel } from "./at.ts";
import type { Dialect } from "./dialects/dialect.ts";
import type { CellularOptions } from "./options.ts";

// Which command goes first.
export const FIRST = 4;
export const SEND = 3;
export const READ = 2;
export const POLL = 1;

export interface Modem {
  readonly at: AtChannel;
  readonly options: CellularOptions;
  readonly identity: LinkIdentity;
  readonly settings: CellularSettings;
  /** What happened how often; those that never did may be missing. */
  readonly counters: { [name: string]: number };
  count(what: string, more?: number): void;
  dialect: Dialect;
  /** Seconds counted since the start; the board's clock may jump. */
  readonly now: number;
  /** When the modem last sent anything. */
  readonly heardAt: number;
  /** The SIM was taken out while the modem ran. */
  simGone: boolean;
  /** The last fault, for people. */
  fault: string;
  /**
   * Sends `AT` and the text. `prefix`: of its information, or empty. `done` is not called when the
   * lifecycle has gone to another state meanwhile.
   */
  ask(
    text: string,
    prefix: string,
    timeout: number,
    done: (result: number, lines: string[]) => void,
  ): void;
  /** Calls once after so many seconds, unless the lifecycle goes to another state before. */
  later(seconds: number, call: () => void): void;
  /** The state's next look is so many seconds off. */
  pause(seconds: number): void;
  /** Nothing helps here but time or a person: that takes no part of the state's time. */
  wait(why: string): void;
  /** Something is wrong; `level` as in `ladder.ts`: what should help at least. */
  fail(level: number, why: string): void;

  /** Servers can't be reached, which may as well be their fault. */
  failBehind(level: number, why: string): void;
  /** A server could not be reached; that alone is no reason to do anything. */
  doubt(): void;
  /** It works all the way to a server. */
  works(): void;
  /** Goes to another state (`states.ts`). */
  enter(state: number): void;
  /** The modem has just started: nothing is known of the network. */
  begun(): void;
  /** Registered: the context's turn. */
  connect(): void;
  /** It has an address. */
  online(address: string): void;
  /** All sockets are gone. */
  lose(): void;
}

/** What the lifecycle tells. */
export interface LifecycleEvents {
  /** Sockets can, or can no longer, be opened. */
  onOnline(online: boolean): void;
  /** All sockets of the modem are gone. */
  onLost(): void;
}
