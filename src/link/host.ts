/**
 * The link of Espruino on Linux: the host's own network, always up.
 * @module
 */
import type { Link, LinkSettings } from "./link.ts";

class HostLink implements Link {
  isUp = false;
  private listeners: ((up: boolean) => void)[] = [];

  up(_settings: LinkSettings): void {
    this.change(true);
  }

  down(): void {
    this.change(false);
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  describe(): string {
    return "the host's network";
  }

  private change(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    for (const listener of this.listeners) listener(up);
  }
}

export function createHostLink(): Link {
  return new HostLink();
}
