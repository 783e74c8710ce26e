/**
 * What goes out on a connection when a message of its device has been taken.
 * @module
 */
import type { Client } from "aedes";

/**
 * Holds what goes out until the turn after the next: PUBACK and what is answered at once are one write
 * instead of two. aedes sends an answer in the next turn.
 */
export function holdOutput(connection: Client["conn"]): void {
  connection.cork();
  setImmediate(() => setImmediate(() => connection.uncork()));
}

/** Sends what is held, before the connection is cut. */
export function releaseOutput(connection: Client["conn"]): void {
  while (connection.writableCorked > 0) connection.uncork();
}
