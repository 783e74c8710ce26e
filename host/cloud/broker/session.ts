/**
 * What the platform keeps of a device between and during its connections.
 * @module
 */
import type { Client } from "aedes";
import type { Grant } from "../auth/log-on.ts";
import type { DeviceId } from "../device-id.ts";
import { isSystemTopic, matches } from "./topic.ts";

/** The addresses of a connection's two ends. */
export interface Ends {
  address: string;
  localAddress: string;
}

export class Session {
  readonly device: DeviceId;
  /** The connection in use. */
  client: Client | undefined;
  /** Ends with the connection (clean session 1). */
  clean = true;
  systemTopics = false;
  customRrpc = false;
  /** Address of the device, and the platform's own on this connection. */
  address = "";
  localAddress = "";
  /** QoS-1 messages waiting for the device's return. */
  waiting = 0;
  readonly filters = new Set<string>();

  constructor(device: DeviceId) {
    this.device = device;
  }

  get online(): boolean {
    return this.client !== undefined;
  }

  /** Takes over a new connection. */
  start(client: Client, grant: Grant, clean: boolean, { address, localAddress }: Ends): void {
    if (clean) this.filters.clear();
    this.client = client;
    this.clean = clean;
    this.systemTopics = grant.systemTopics;
    this.customRrpc = grant.customRrpc;
    this.address = address;
    this.localAddress = localAddress.replace(/^::ffff:/, "");
    this.waiting = 0;
  }

  /** Whether messages on a topic reach the device. */
  receives(topic: string): boolean {
    if (this.systemTopics && isSystemTopic(topic)) return true;
    for (const filter of this.filters) if (matches(filter, topic)) return true;
    return false;
  }
}
