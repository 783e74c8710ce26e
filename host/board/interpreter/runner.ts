/**
 * Runs a board's interpreter from power-on to power-off, through its own resets and reboots.
 * @module
 */
import { PowerCut } from "../flash/nor-flash.ts";
import { Restart } from "./aborts.ts";
import { type BoardFacts, runsOnLinux } from "./core.ts";
import type { Host } from "./host.ts";
import { Interpreter, type Start } from "./interpreter.ts";
import { PinStates } from "./pin-states.ts";

/** Why a board is off. */
export type OffCause = "switched" | "power-cut" | "exit";

export interface RunnerEvents {
  /** RAM is about to be lost: sockets die. */
  restarting(): void;
  /** The board rebooted by itself. */
  rebooted(cause: string): void;
  off(cause: OffCause): void;
  /** Whether the power is still there. */
  isPowered(): boolean;
}

/** Reboots in a row before the idle loop gets a turn. */
const forever = Number.POSITIVE_INFINITY;

/** The interpreter of one power-on. */
export class Runner {
  interpreter: Interpreter | undefined;
  private next: Start | undefined;
  private readonly pins: PinStates;

  constructor(
    private readonly board: BoardFacts,
    private readonly host: Host,
    private readonly events: RunnerEvents,
  ) {
    this.next = { kind: "power-on" };
    this.pins = new PinStates(host);
  }

  /** One turn of the idle loop, or the next start. Answers the milliseconds to the next turn. */
  turn(): number {
    const { next } = this;
    let wait = forever;
    this.guard(() => {
      if (next) {
        this.next = undefined;
        this.events.restarting();
        this.pins.forget();
        this.interpreter = new Interpreter(this.board, this.host, this.pins);
        this.interpreter.boot(next);
        // Asked for meanwhile, the same again is forgotten with what is just being done.
        const asked = this.interpreter.takeRestart();
        if (asked && asked.kind !== next.kind) this.interpreter.restart(asked);
        wait = 0;
      } else if (this.interpreter) wait = this.interpreter.turn();
      const restart = this.interpreter?.takeRestart();
      if (!restart) return;
      this.interpreter?.kill();
      this.next = restart;
      wait = 0;
    });
    return this.next ? 0 : wait;
  }

  /** The power goes. */
  stop(cause: OffCause): void {
    this.interpreter = undefined;
    this.next = undefined;
    this.pins.release();
    this.events.off(cause);
  }

  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof PowerCut) {
        this.stop(this.events.isPowered() ? "power-cut" : "switched");
        return;
      }
      if (!(error instanceof Restart)) throw error;
      this.reboot(error.message);
    }
  }

  private reboot(cause: string): void {
    if (cause === "reboot") {
      // E.reboot tells the script first.
      this.guard(() => this.interpreter?.kill());
      if (runsOnLinux(this.board)) {
        // Espruino's Linux port cannot reboot: it ends.
        this.host.output("Not implemented\r\n");
        this.stop("exit");
        return;
      }
    }
    this.interpreter = undefined;
    this.pins.release();
    this.next = { kind: "reboot" };
    this.events.rebooted(cause);
  }
}
