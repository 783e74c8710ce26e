/**
 * What the platform keeps of a device between and during its connections.
 * @module
 */
import type { Client } from "aedes";
import type { Grant } from "../auth/log-on.ts";
import type { DeviceId } from "../device-id.ts";
import type { Message } from "./message.ts";
import { isSystemTopic, matches } from "./topic.ts";

/** The addresses of a connection's two ends. */
export interface Ends {
  address: string;
  localAddress: string;
}

/** What the device's client id asked for. */
export type SessionGrant = Pick<Grant, "systemTopics" | "customRrpc">;

export class Session {
  readonly device: DeviceId;
  /** The connection in use: the device's own, or its gateway's. */
  client: Client | undefined;
  /** The gateway through which the device has come; absent when it came by itself. */
  gateway: DeviceId | undefined;
  /** Ends with the connection (clean session 1). */
  clean = true;
  systemTopics = false;
  customRrpc = false;
  /** Address of the device, and the platform's own on this connection. */
  address = "";
  localAddress = "";
  /** QoS-1 messages waiting for the device's return. */
  waiting = 0;
  /** QoS-1 messages waiting for a sub-device's return. */
  held: Message[] = [];
  readonly filters = new Set<string>();

  constructor(device: DeviceId) {
    this.device = device;
  }

  get online(): boolean {
    return this.client !== undefined;
  }

  /** Takes over a new connection; a gateway's when one is given. */
  start(
    client: Client,
    grant: SessionGrant,
    clean: boolean,
    { address, localAddress }: Ends,
    gateway?: DeviceId,
  ): void {
    if (clean) {
      this.filters.clear();
      this.held = [];
    }
    this.client = client;
    this.gateway = gateway;
    this.clean = clean;
    this.systemTopics = grant.systemTopics;
    this.customRrpc = grant.customRrpc;
    this.address = address;
    this.localAddress = localAddress.replace(/^::ffff:/, "");
    this.waiting = 0;
  }

  /** Whether messages on a topic reach the device. */
  receives(topic: string): boolean {
    if (this.filters.has(topic)) return true;
    if (this.systemTopics && isSystemTopic(topic)) return true;
    for (const filter of this.filters) if (matches(filter, topic)) return true;
    return false;
  }
}
