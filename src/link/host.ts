/**
 * The link of Espruino on Linux: the host's own network, always up.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import type { Link, LinkIdentity, LinkSettings, LinkState, Signal } from "./link.ts";

/** Bytes of an array that makes the heap grow to about 16,000 variables. */
const HEAP_ARRAY = 300000;

/**
 * The plain Linux build starts with 4,096 variables and adds more only when all are in use; TLS
 * needs 16 KB in one piece, which a used heap may not have left when a connection is made again.
 */
function growHeap(): void {
  if (process.env.BOARD !== "LINUX") return;
  const array = new Uint8Array(HEAP_ARRAY);
  if (array.length !== HEAP_ARRAY) logWarn("link", "the heap does not grow");
}

class HostLink implements Link {
  isUp = false;
  state: LinkState = "off";
  readonly counters = { ups: 0, downs: 0 };
  private listeners: ((up: boolean) => void)[] = [];

  up(_settings: LinkSettings): void {
    growHeap();
    this.change(true);
  }

  down(): void {
    this.change(false);
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  look(): void {}

  signal(): Signal {
    return { dbm: undefined, bars: this.isUp ? 4 : 0 };
  }

  identity(): LinkIdentity {
    return {};
  }

  time(): number {
    return Date.now();
  }

  describe(): string {
    return "the host's network";
  }

  private change(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    this.state = up ? "up" : "off";
    if (up) this.counters.ups++;
    else this.counters.downs++;
    for (const listener of this.listeners) listener(up);
  }
}

export function createHostLink(): Link {
  return new HostLink();
}
