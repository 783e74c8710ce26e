/**
 * What a session needs around it.
 * @module
 */
import type { Connection } from "../link/connection.ts";
import type { MqttError } from "./error.ts";

/** What it writes to. */
export type Wire = Pick<Connection, "busy" | "write" | "end" | "close">;

/** Who keeps the session connected. */
export interface Owner {
  /** CONNECT was accepted. */
  loggedOn(): void;
  /** The connection is to be given up. */
  lost(error: MqttError): void;
  /** What is `due` has changed. */
  arm(now: number): void;
}
