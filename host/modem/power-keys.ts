/**
 * The module's PWRKEY and RESET_N: what counts is for how long they are low.
 * @module
 */
import type { ModemClock } from "./clock.ts";
import type { Family } from "./families/family.ts";

export interface PowerKeyEvents {
  isOff(): boolean;
  hasSupply(): boolean;
  switchOn(): void;
  switchOff(): void;
  reset(): void;
}

export class PowerKeys {
  keyIsLow = false;
  private resetIsLow = false;
  private resetSince = 0;
  private cancelKey = () => {};

  constructor(
    private readonly clock: ModemClock,
    private readonly least: Family["keys"],
    private readonly events: PowerKeyEvents,
  ) {}

  /** Acts as soon as it is low for long enough, once until it is high again. */
  powerKey(low: boolean): void {
    if (low === this.keyIsLow) return;
    this.keyIsLow = low;
    this.cancelKey();
    if (!low || !this.events.hasSupply()) return;
    const wasOff = this.events.isOff();
    this.cancelKey = this.clock.after(wasOff ? this.least.on : this.least.off, () => {
      if (this.events.isOff()) this.events.switchOn();
      else this.events.switchOff();
    });
  }

  /** Acts when it is high again. */
  reset(low: boolean): void {
    if (low === this.resetIsLow) return;
    this.resetIsLow = low;
    const now = this.clock.now();
    if (low) this.resetSince = now;
    else if (this.events.hasSupply() && !this.events.isOff()) {
      if (now - this.resetSince >= this.least.reset) this.events.reset();
    }
  }

  supplyLost(): void {
    this.cancelKey();
  }
}
