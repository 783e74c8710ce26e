/**
 * What differs between families of modems; the driver's core knows none of them.
 * @module
 */

export interface Dialect {
  /**
   * Commands after the common ones, without `AT`; a refusal of one is not an error. In memory only
   * while they are needed.
   */
  init(): string[];
  /** Of TCP: on, idle time (s; minutes on some), interval in s, probes. */
  keepalive: string;
  /** Of `CTZU`: how the clock follows the network. */
  zone: number;
  /** How long the power key is pressed, s. */
  key: number;
  /** The longest start, s. */
  boot: number;
  /** Whether contexts may be switched off by `CGACT`; it hangs some. */
  repair: boolean;
}
