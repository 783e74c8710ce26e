/**
 * The sessions of all devices, and whose messages are whose on a connection that several share.
 * @module
 */
import type { Client } from "aedes";
import { type DeviceId, deviceKey } from "../device-id.ts";
import { Session } from "./session.ts";
import { ownerOf } from "./topic.ts";

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  /** The sub-devices on each gateway's connection. */
  readonly #through = new WeakMap<Client, Set<Session>>();

  get(device: DeviceId): Session | undefined {
    return this.#sessions.get(deviceKey(device));
  }

  /** A device's session, made when it has none yet. */
  of(device: DeviceId): Session {
    const key = deviceKey(device);
    let session = this.#sessions.get(key);
    if (!session) {
      session = new Session(device);
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** A sub-device has come online through a connection. */
  join(session: Session, client: Client): void {
    const others = this.#through.get(client);
    if (others) others.add(session);
    else this.#through.set(client, new Set([session]));
  }

  /** A device goes offline. */
  leave(session: Session): void {
    if (session.client) this.#through.get(session.client)?.delete(session);
  }

  /** The sub-devices that are online through a connection. */
  through(client: Client): Session[] {
    return [...(this.#through.get(client) ?? [])];
  }

  /** Whose a topic or filter is on a connection: one of its sub-devices', or else undefined. */
  named(client: Client, topic: string): Session | undefined {
    const subs = this.#through.get(client);
    if (!subs || subs.size === 0) return undefined;
    const owner = ownerOf(topic);
    const session = owner && this.get(owner);
    return session && subs.has(session) ? session : undefined;
  }
}
