/**
 * QoS-1 messages that wait for a device which is away.
 * @module
 */
import type { Aedes } from "aedes";
import { OFFLINE_QUEUE_MAX } from "../defaults.ts";
import { deviceKey } from "../device-id.ts";
import { type Message, packetOf } from "./message.ts";
import type { Session } from "./session.ts";

/** The part of aedes' persistence that takes messages for a client which is away. */
interface Persistence {
  outgoingEnqueue(client: { clientId: string }, packet: object): Promise<void>;
}

export class OfflineQueue {
  readonly #aedes: Aedes & { persistence?: Persistence };
  #stored = 0;

  constructor(aedes: Aedes) {
    this.#aedes = aedes;
  }

  /** Keeps a message if its device wants that. */
  async keep(session: Session, message: Message): Promise<"stored" | "offline" | "queue full"> {
    if (session.clean || message.qos === 0) return "offline";
    if (session.waiting + session.held.length >= OFFLINE_QUEUE_MAX) return "queue full";
    if (session.gateway) {
      // aedes knows connections, and a sub-device has none of its own.
      session.held.push(message);
      return "stored";
    }
    session.waiting++;
    // aedes tells stored packets apart by these two.
    const identity = { brokerId: "platform", brokerCounter: ++this.#stored };
    const packet = { ...packetOf(message), ...identity };
    await this.#aedes.persistence?.outgoingEnqueue({ clientId: deviceKey(session.device) }, packet);
    return "stored";
  }
}
