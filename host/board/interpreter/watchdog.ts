/**
 * The watchdog: restarts the board when a script, or a blocking connect, keeps the idle loop waiting
 * for longer than it was told. Linux has none.
 * @module
 */
import { Restart } from "./aborts.ts";
import { type Core, runsOnLinux } from "./core.ts";

export class Watchdog {
  private limit = Number.POSITIVE_INFINITY;
  private automatic = true;
  private kicked = 0;
  private isAsleep = false;

  constructor(private readonly core: Core) {}

  enable(seconds: number, automatic: boolean): void {
    if (runsOnLinux(this.core.board)) return;
    this.limit = Math.max(Math.round(seconds), 1) * 1000;
    this.automatic = automatic;
    this.kick();
  }

  kick(): void {
    this.kicked = this.core.host.now();
  }

  /** The idle loop comes by; one that waits for something comes by often enough. */
  idle(): void {
    if (!this.automatic || !this.isAsleep) this.check();
    if (this.automatic) this.kick();
    this.isAsleep = false;
  }

  /** Restarts the board when the time is over. */
  check(): void {
    if (this.core.host.now() - this.kicked > this.limit) throw new Restart("watchdog");
  }

  /** The idle loop has nothing to do. Answers the host time at which it would bite. */
  sleep(): number {
    this.isAsleep = true;
    return this.automatic ? Number.POSITIVE_INFINITY : this.kicked + this.limit;
  }
}
