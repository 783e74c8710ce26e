/**
 * What stands between the firmware and the network.
 * @module
 */

/** How a board reaches the network: its own Wi-Fi, or the host's network on Linux. */
export interface Link {
  /** Whether sockets can be opened now. */
  readonly isUp: boolean;
  /** Starts, and keeps trying until `down()`; `changed` hears each change of `isUp`. */
  up(changed: (up: boolean) => void): void;
  down(): void;
  /** One line for people: address, signal strength, last fault. */
  describe(): string;
}
