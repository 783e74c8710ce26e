/**
 * An MQTT message as the platform offers it: QoS 0 or 1, never retained.
 * @module
 */
import type { Client } from "aedes";

export interface Message {
  topic: string;
  payload: Buffer;
  qos: 0 | 1;
}

/** What aedes takes to send a message to a client. */
export function packetOf(message: Message): Parameters<Client["publish"]>[0] {
  return { cmd: "publish", ...message, dup: false, retain: false };
}
