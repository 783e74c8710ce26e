/**
 * What stands at the other ends of a board's wires.
 * @module
 */

/** What stands at a serial port's other end. */
export interface SerialPeer {
  /** Takes bytes from the board, a byte string; until it resolves they fill the port's ring. */
  receive(bytes: string): void | Promise<void>;
  /** Called with the way to send bytes to the board. */
  connect(send: (bytes: string) => void): void;
}

/** What the board's pins are wired to; what nobody pulls low the board reads as high. */
export interface PinPeer {
  /** The board drives the pin of this name low or high from now on, or lets go of it. */
  outputs(pin: string, low: boolean, high: boolean): void;
  /** Called with the way to begin, or cease, to pull a pin of the board's low. */
  connect?(pull: (pin: string, low: boolean) => void): void;
}
