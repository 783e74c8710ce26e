/**
 * What stands between the firmware and the network, as the rest of the firmware sees it.
 * @module
 */
import type { NetworkDriver } from "./network.ts";

/** One Wi-Fi network; texts are byte strings. */
export interface WifiNetwork {
  ssid: string;
  password?: string;
}

/** A modem's settings; texts are byte strings. */
export interface CellularSettings {
  /** Access point name; the network's own by default. */
  apn?: string;
  user?: string;
  password?: string;
  /** Tried once; never again after a refusal. */
  pin?: string;
  /** The modem's serial device on Linux, in place of the board's; on others not used. */
  port?: string;
  /** Whether other networks than the SIM's own may be used; default false. */
  roaming?: boolean;
  /**
   * Who encrypts, where a connection is to be encrypted. By default the modem, which verifies the
   * server against the Storage file `ca.pem`. `"unverified"`: the modem, which verifies nothing.
   * `"interpreter"`: the interpreter, which verifies nothing.
   */
  tls?: "unverified" | "interpreter";
}

/** What a link needs to know, from the device's settings. */
export interface LinkSettings {
  /** Wi-Fi networks in order of preference. */
  wifi?: WifiNetwork[];
  cellular?: CellularSettings;
}

/** Follows the upgrade of a link's own firmware. */
export interface UpgradeListener {
  /** Per cent, and what is done. */
  reach(percent: number, text: string): void;
  /** Empty when the new firmware runs, else why it does not. */
  done(failure: string): void;
}

/** What a link does; names for people and for `ali.link()`. */
export type LinkState =
  | "off"
  | "starting"
  | "searching"
  | "connecting"
  | "up"
  | "waiting"
  | "upgrading";

/** Strength of the radio. */
export interface Signal {
  /** Undefined: not known, or no radio. */
  dbm: number | undefined;
  /** 0 (none) to 4. */
  bars: number;
}

/** Who the board is on its network; only what the link knows. */
export interface LinkIdentity {
  mac?: string;
  ip?: string;
  ssid?: string;
  imei?: string;
  iccid?: string;
  operator?: string;
  /** Tracking area and cell, as the modem prints them: `"1A2B,01C3D4E5"`. */
  cell?: string;
  /** Revision of a modem's firmware. */
  revision?: string;
}

/** How a board reaches the network: its own Wi-Fi, a modem, or the host's network on Linux. */
export interface Link {
  /** Whether sockets can be opened now. */
  readonly isUp: boolean;
  readonly state: LinkState;
  /** What happened how often since the start, e.g. `{ups: 2, downs: 1}`. */
  readonly counters: { [name: string]: number };
  /**
   * Starts, and keeps trying until `down()`. Throws an Error that names the setting when the
   * settings can't work.
   */
  up(settings: LinkSettings): void;
  down(): void;
  /** Hears each change of `isUp`. */
  onChange(listener: (up: boolean) => void): void;
  /** Looks whether it is up still: to be called when a connection over it has failed. */
  look(): void;
  signal(): Signal;
  identity(): LinkIdentity;
  /** The network of its sockets, installed by whoever chooses the link; absent: the interpreter's own. */
  readonly driver?: NetworkDriver | undefined;
  /** Milliseconds since 1970 by the network's clock; undefined: not known. */
  time(): number | undefined;
  /** One line for people: address, signal strength, last fault; no secrets. */
  describe(): string;
  /** Upgrades the link's own firmware, where it has one (a cellular modem). */
  upgrade?(url: string, version: string, listener: UpgradeListener): void;
}
