/**
 * The module's clock: wrong until the network or a server told the time.
 * @module
 */
import type { Kernel } from "./kernel.ts";

/** What the clock starts with after a loss of supply. */
const EPOCH = Date.UTC(1980, 0, 6);

/** Quarter hours east of Greenwich, as the network tells. */
const ZONE = 32;

const QUARTER = 15 * 60_000;

const two = (value: number) => String(value).padStart(2, "0");

/** `2026/08/07,05:54:02+32` from a time in ms since 1970, whose fields are shown as UTC's. */
export function timeText(time: number, yearDigits: 2 | 4): string {
  const date = new Date(time);
  const year = String(date.getUTCFullYear()).slice(-yearDigits);
  const day = `${year}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}`;
  const hours = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two);
  return `${day},${hours.join(":")}+${ZONE}`;
}

export class RealTimeClock {
  /** When the network last told the time, ms since 1970. */
  lastSync: number | undefined;
  private readonly startedAt: number;

  constructor(private readonly kernel: Kernel) {
    this.startedAt = kernel.clock.now();
  }

  /** What AT+CCLK? shows, as ms since 1970. */
  get shown(): number {
    const { clockOffset } = this.kernel.nvram;
    const now = this.kernel.clock.now();
    return clockOffset === undefined ? EPOCH + now - this.startedAt : now + clockOffset;
  }

  /** The network tells the time. */
  networkTime(): void {
    if (this.kernel.options.nitz === false) return;
    this.lastSync = this.kernel.clock.now();
    const { zoneUpdate } = this.kernel.nvram;
    if (zoneUpdate > 0) this.synchronise(zoneUpdate === 3);
  }

  /** Sets the clock right, to local or Greenwich time. */
  synchronise(local = this.kernel.family.localClock): void {
    this.kernel.nvram.clockOffset = local ? ZONE * QUARTER : 0;
  }

  set(shown: number): void {
    this.kernel.nvram.clockOffset = shown - this.kernel.clock.now();
  }

  lose(): void {
    this.kernel.nvram.clockOffset = undefined;
    this.lastSync = undefined;
  }

  /** AT+QLTS's text: 0 at the last synchronisation, 1 now in GMT, 2 now, local. */
  latest(mode: number): string {
    if (this.lastSync === undefined) return "";
    const now = this.kernel.clock.now();
    const time = mode === 0 ? this.lastSync : mode === 1 ? now : now + ZONE * QUARTER;
    return `${timeText(time, 4)},0`;
  }
}
