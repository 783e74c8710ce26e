/**
 * What a client is told, and what it tells.
 * @module
 */
import type { BackoffLimits } from "./backoff.ts";
import type { MqttError } from "./error.ts";
import type { OutboxLimits } from "./outbox.ts";

/** What CONNECT carries; byte strings. */
export interface Credentials {
  clientId: string;
  username: string;
  password: string;
}

/** Read at each attempt, so that a change of credentials counts from the next one on. */
export interface MqttOptions {
  /**
   * Opens the byte stream, whose "connect" tells that bytes can be sent, not before this returns. May
   * throw (refused, unknown host).
   */
  dial(): EspruinoSocket;
  credentials(): Credentials;
  /** Seconds within which the broker hears from the client; 0: no pings. */
  keepalive: number;
  /** false: the broker keeps subscriptions and messages of QoS 1 while the client is away. */
  cleanSession: boolean;
  outbox?: OutboxLimits;
  /** Most bytes of a packet from the broker after its fixed header; default `DEFAULT_MAX_PACKET`. */
  maxPacket?: number;
  backoff?: BackoffLimits;
  /** Seconds from the open stream to the CONNACK; default `CONNACK_TIME`. */
  connectTimeout?: number;
  /** From 0 to 1; default `Math.random`. */
  random?: () => number;
}

export interface MqttEvents {
  /** A message of QoS 1 that was published without `done`, by its packet id, is given up. */
  onUndelivered?(id: number, error: MqttError): void;
  /** A message, its topic and payload as byte strings. It is acknowledged even if this throws. */
  onMessage(topic: string, payload: string, qos: number, dup: boolean): void;
  /** Logged on; every time. With `sessionPresent` the broker remembers the subscriptions. */
  onOnline(sessionPresent: boolean): void;
  /**
   * The connection or the attempt has ended. `error.retryIn`: milliseconds until the next attempt
   * (while the link is down, that waits for it), 0 when there is none because of `stop()`.
   */
  onOffline(error: MqttError): void;
}

/** Running totals since the client was made; `outbox` and `outboxBytes` are what is held now. */
export interface MqttStats {
  /** Publishes sent, repetitions not counted; and repetitions. */
  sent: number;
  resent: number;
  /** PUBACKs that fitted a message. */
  acknowledged: number;
  /** Messages received. */
  received: number;
  /** Publishes refused for lack of room. */
  refused: number;
  /** Acknowledgements that fitted nothing. */
  unexpected: number;
  /** Log-ons. */
  connects: number;
  /** Attempts and connections that ended with an error, so that another attempt followed. */
  reconnects: number;
  outbox: number;
  outboxBytes: number;
}

export const DEFAULT_MAX_PACKET = 16384;
/** Seconds. */
export const CONNACK_TIME = 10;
