/**
 * Messages on their way to the broker, oldest first: those that were sent and wait for their
 * PUBACK, then those not sent yet. Bounded in messages and bytes.
 * @module
 */
import { markDuplicate } from "./encode.ts";
import type { MqttError } from "./error.ts";

export type PublishDone = (error: MqttError | null) => void;

/** One message, as the packet that is sent. */
export interface OutboxEntry {
  /** Packet id, two bytes; empty for QoS 0. */
  id: string;
  data: string;
  done: PublishDone | undefined;
  /** When it was sent last, s; only of a message among those sent. */
  at: number;
  /** Whether it was sent on this or an earlier connection. */
  dup: boolean;
}

export interface OutboxLimits {
  messages: number;
  bytes: number;
}

/** What fits a board with some 3,000 JsVars: half a minute of reports, or one large message. */
export const DEFAULT_OUTBOX: OutboxLimits = { messages: 32, bytes: 8192 };

/** Messages and bytes in an outbox. */
export interface OutboxCounters {
  outbox: number;
  outboxBytes: number;
}

export class Outbox {
  /** How many of the messages wait for their PUBACK: the first ones. */
  sent = 0;
  queue: OutboxEntry[] = [];

  /** @param held counts what is in it, for whoever wants to know */
  constructor(
    private readonly limits: OutboxLimits,
    private readonly held: OutboxCounters,
  ) {}

  /** Whether a packet of this many bytes may be added now. */
  hasRoom(size: number): boolean {
    return (
      this.held.outbox < this.limits.messages && this.held.outboxBytes + size <= this.limits.bytes
    );
  }

  add(id: string, data: string, done: PublishDone | undefined): void {
    this.queue.push({ id: id, data: data, done: done, at: 0, dup: false });
    this.held.outbox++;
    this.held.outboxBytes += data.length;
  }

  /** The oldest message that waits for its PUBACK. */
  unacknowledged(): OutboxEntry | undefined {
    return this.sent ? this.queue[0] : undefined;
  }

  /** Takes out the sent message with this packet id; undefined when there is none. */
  acknowledge(id: string): OutboxEntry | undefined {
    let index = 0;
    while (index < this.sent && this.queue[index].id !== id) index++;
    return index < this.sent ? this.removeAt(index) : undefined;
  }

  /**
   * After the connection was lost: messages of QoS 1 are to be sent again, the sent ones as
   * duplicates; those of QoS 0 are taken out and returned.
   */
  rewind(): OutboxEntry[] {
    const lost: OutboxEntry[] = [];
    const kept: OutboxEntry[] = [];
    this.sent = 0;
    this.held.outbox = 0;
    this.held.outboxBytes = 0;
    for (const entry of this.queue) {
      if (!entry.id) {
        lost.push(entry);
        continue;
      }
      if (entry.dup) entry.data = markDuplicate(entry.data);
      kept.push(entry);
      this.held.outbox++;
      this.held.outboxBytes += entry.data.length;
    }
    this.queue = kept;
    return lost;
  }

  /** Takes out everything. */
  clear(): OutboxEntry[] {
    const all = this.queue;
    this.queue = [];
    this.sent = 0;
    this.held.outbox = 0;
    this.held.outboxBytes = 0;
    return all;
  }

  /** Takes out a message. */
  removeAt(index: number): OutboxEntry {
    if (index < this.sent) this.sent--;
    const entry = index ? this.queue.splice(index, 1)[0] : (this.queue.shift() as OutboxEntry);
    this.held.outbox--;
    this.held.outboxBytes -= entry.data.length;
    return entry;
  }
}
