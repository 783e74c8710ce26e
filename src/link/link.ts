/**
 * What stands between the firmware and the network, as the rest of the firmware sees it.
 * @module
 */

/** One Wi-Fi network; texts are byte strings. */
export interface WifiNetwork {
  ssid: string;
  password?: string;
}

/** What a link needs to know, from the device's settings. */
export interface LinkSettings {
  /** Wi-Fi networks in order of preference. */
  wifi?: WifiNetwork[];
}

/** Follows the upgrade of a link's own firmware. */
export interface UpgradeListener {
  /** Per cent, and what is done. */
  reach(percent: number, text: string): void;
  /** Empty when the new firmware runs, else why it does not. */
  done(failure: string): void;
}

/** How a board reaches the network: its own Wi-Fi, or the host's network on Linux. */
export interface Link {
  /** Whether sockets can be opened now. */
  readonly isUp: boolean;
  /**
   * Starts, and keeps trying until `down()`. Throws an Error that names the setting when the
   * settings can't work.
   */
  up(settings: LinkSettings): void;
  down(): void;
  /** Hears each change of `isUp`. */
  onChange(listener: (up: boolean) => void): void;
  /** One line for people: address, signal strength, last fault; no secrets. */
  describe(): string;
  /** Upgrades the link's own firmware, where it has one (a cellular modem). */
  upgrade?(url: string, version: string, listener: UpgradeListener): void;
}
