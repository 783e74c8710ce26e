/**
 * The module's pins as a board is wired to them.
 * @module
 */
import type { PinPeer } from "../board/peers.ts";

/** Names of the board's pins; each may be missing. */
export interface PinWiring {
  powerKey?: string;
  reset?: string;
  status?: string;
  /** Level of the board's pin that presses power key and reset, 1. */
  pressed?: number;
  /** Level of the board's status pin while the module is on, 1. */
  on?: number;
}

/** The pins of a simulated module. */
export interface ModulePins {
  readonly status: boolean;
  onStatus: (on: boolean) => void;
  powerKey(low: boolean): void;
  resetPin(low: boolean): void;
}

/** Joins a module's pins to a board's. */
export function modulePins(modem: ModulePins, wiring: PinWiring): PinPeer {
  const { powerKey, reset, status, pressed = 1, on = 1 } = wiring;
  return {
    outputs: (pin, low, high) => {
      const isPressed = pressed === 0 ? low : high;
      if (pin === powerKey) modem.powerKey(isPressed);
      else if (pin === reset) modem.resetPin(isPressed);
    },
    connect: (pull) => {
      if (status === undefined) return;
      const tell = (isOn: boolean) => pull(status, isOn === (on === 0));
      modem.onStatus = tell;
      tell(modem.status);
    },
  };
}
