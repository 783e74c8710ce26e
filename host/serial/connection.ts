/**
 * A line of bytes to a board's console, whatever it runs over. Bytes are strings of the characters 0
 * to 255.
 * @module
 */
import type { BoardError } from "./errors.ts";

/** Who hears what a connection brings. */
export interface ConnectionEvents {
  data(bytes: string): void;
  /** It is over, once; with the reason when it was not closed from here. */
  closed(reason?: BoardError): void;
}

/** An open connection. */
export interface Connection {
  /** As people know it, e.g. `/dev/ttyUSB0` or `tcp://127.0.0.1:2323`. */
  readonly name: string;
  /** Whether bytes that arrive too fast may be lost: no flow control below this. */
  readonly lossy: boolean;
  /** Names who hears, before anything else; what arrived earlier is handed over now. */
  listen(events: ConnectionEvents): void;
  /** Resolves when the operating system has taken the bytes; rejects with a `BoardError`. */
  write(bytes: string): Promise<void>;
  /** Pulls the chip's reset line, where there is one. */
  reset?(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps what arrives until somebody listens. */
export class Mailbox {
  private events: ConnectionEvents | undefined;
  private waiting = "";
  private isOver = false;
  private reason: BoardError | undefined;

  listen(events: ConnectionEvents): void {
    this.events = events;
    if (this.waiting) events.data(this.waiting);
    this.waiting = "";
    if (this.isOver) events.closed(this.reason);
  }

  data(bytes: string): void {
    if (this.events) this.events.data(bytes);
    else this.waiting += bytes;
  }

  closed(reason?: BoardError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.reason = reason;
    this.events?.closed(reason);
  }
}
