/**
 * What a session needs around it.
 * @module
 */
import type { MqttError } from "./error.ts";

/** A `Connection`, for the session. */
export interface Wire {
  busy: number | undefined;
  write(bytes: string, last?: boolean): void;
  end(): void;
  close(): void;
}

/** Who keeps the session connected. */
export interface Owner {
  /** CONNECT was accepted. */
  loggedOn(): void;
  /** The connection is to be given up. */
  lost(error: MqttError): void;
  /** What is `due` has changed. */
  arm(now: number): void;
}
