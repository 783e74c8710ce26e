/**
 * What the board does with its pins. The states outlive a restart of the interpreter, as those of a
 * chip do; a reboot makes inputs of all pins.
 * @module
 */
import type { Host, Level } from "./host.ts";

const modes = [
  "analog",
  "input",
  "input_pullup",
  "input_pulldown",
  "output",
  "opendrain",
  "opendrain_pullup",
  "af_output",
  "af_opendrain",
];
const outputs = ["output", "opendrain", "opendrain_pullup"];

interface PinState {
  mode: string | undefined;
  /** Whether the script has chosen the mode: reading and writing leave it then. */
  isManual: boolean;
  /** Level of the output register. */
  isHigh: boolean;
}

/** The pins of one power-on, by their names. */
export class PinStates {
  private readonly states = new Map<string, PinState>();

  constructor(private readonly host: Host) {}

  mode(pin: string): string | undefined {
    return this.states.get(pin)?.mode;
  }

  /** False for a mode that does not exist; undefined or `auto` lets use decide. */
  setMode(pin: string, mode: string | undefined): boolean {
    const state = this.state(pin);
    state.isManual = mode !== undefined && mode !== "auto";
    if (!state.isManual) return true;
    if (mode === undefined || !modes.includes(mode)) return false;
    this.change(pin, state, () => {
      state.mode = mode;
    });
    return true;
  }

  write(pin: string, isHigh: boolean): void {
    const state = this.state(pin);
    this.change(pin, state, () => {
      state.isHigh = isHigh;
      if (!state.isManual) state.mode = "output";
    });
  }

  /** Whether the pin is high: by its own driver, or unless the world outside pulls it low. */
  read(pin: string): boolean {
    const state = this.state(pin);
    if (!state.isManual) this.setAutomatic(pin, state);
    const driven = drives(state);
    return driven === undefined ? !this.host.isLow?.(pin) : driven === "high";
  }

  /** Level of the output register. */
  output(pin: string): boolean {
    return this.state(pin).isHigh;
  }

  /** A restart of the interpreter: modes and levels stay, choices are forgotten. */
  forget(): void {
    for (const state of this.states.values()) state.isManual = false;
  }

  /** A reboot or the loss of power: no pin is driven any more. */
  release(): void {
    for (const [pin, state] of this.states) if (drives(state)) this.host.drive?.(pin, undefined);
    this.states.clear();
  }

  private setAutomatic(pin: string, state: PinState): void {
    this.change(pin, state, () => {
      state.mode = "input";
    });
  }

  private change(pin: string, state: PinState, change: () => void): void {
    const before = drives(state);
    change();
    const after = drives(state);
    if (before !== after) this.host.drive?.(pin, after);
  }

  private state(pin: string): PinState {
    let state = this.states.get(pin);
    if (!state) {
      state = { mode: undefined, isManual: false, isHigh: false };
      this.states.set(pin, state);
    }
    return state;
  }
}

function drives({ mode, isHigh }: PinState): Level | undefined {
  if (mode === undefined || !outputs.includes(mode)) return undefined;
  if (!isHigh) return "low";
  return mode === "output" ? "high" : undefined;
}
