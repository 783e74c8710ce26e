/**
 * Messages on their way to the broker, oldest first: those that were sent and wait for their
 * PUBACK, then those not sent yet. Bounded in messages and bytes.
 * @module
 */
import { markDuplicate } from "./encode.ts";
import type { MqttError } from "./error.ts";
import { callSafely } from "./fault.ts";

/** Bytes that the interpreter sends in a turn of its loop; what is more it keeps, without a bound. */
export const NETWORK_TURN = 536;
/** Most bytes written at once. */
export const WRITE_SIZE = 2 * NETWORK_TURN;
/** Messages that may wait for their PUBACK at a time. */
const WINDOW = 16;

/** `error` is null when the message was delivered. */
export type PublishDone = (delivered: boolean, error: MqttError | null) => void;

/** `at` of a message that was not sent yet. */
export const NEVER = -1;

/** One message, as the packet that is sent. */
export interface OutboxEntry {
  /** Packet id, two bytes; empty for QoS 0. */
  id: string;
  data: string;
  done: PublishDone | undefined;
  /** When it was sent last, on this or an earlier connection, s, or `NEVER`. */
  at: number;
}

export interface OutboxLimits {
  messages: number;
  bytes: number;
}

/** What fits a board with some 3,000 JsVars: half a minute of reports, or one large message. */
export const DEFAULT_OUTBOX: OutboxLimits = { messages: 32, bytes: 8192 };

export class Outbox {
  /** How many of the messages wait for their PUBACK: the first ones. */
  inFlight = 0;
  queue: OutboxEntry[] = [];
  /** How many bytes more there may be. */
  room: number;
  /** Most messages that wait for their PUBACK at a time. */
  readonly window: number;
  /** A packet too large for one write, and how much of it was handed out. */
  large = "";
  private largeAt = 0;
  /** Messages that were sent and are not in it any more, but those that were acknowledged. */
  gone = 0;
  resent = 0;

  readonly limits: OutboxLimits;
  private readonly onFault: (error: any) => void;

  /** @param onFault hears of exceptions of the application */
  constructor(limits: OutboxLimits, onFault: (error: any) => void) {
    this.limits = limits;
    this.onFault = onFault;
    this.room = limits.bytes;
    this.window = Math.min(WINDOW, limits.messages);
  }

  /** Whether a packet of this many bytes may be added now. */
  hasRoom(size: number): boolean {
    return size <= this.room && this.queue.length < this.limits.messages;
  }

  add(entry: OutboxEntry): void {
    this.queue.push(entry);
    this.room -= entry.data.length;
  }

  /** Whether there is something to send now. */
  hasNext(): boolean {
    return !!this.large || (this.queue.length > this.inFlight && this.inFlight < this.window);
  }

  /** `bytes` and the next messages, while they fit into one write; `now`: when they are sent, s. */
  fill(bytes: string, now: number): string {
    let entry: OutboxEntry | undefined = this.queue[this.inFlight];
    while (entry && this.inFlight < this.window) {
      if (bytes.length + entry.data.length > WRITE_SIZE) {
        if (bytes) break;
        this.large = entry.data;
        this.largeAt = 0;
        bytes = this.slice();
      } else bytes += entry.data;
      if (entry.at >= 0) this.resent++;
      if (entry.id) {
        entry.at = now;
        this.inFlight++;
      } else {
        this.gone++;
        this.removeAt(this.inFlight);
        callSafely(entry.done, true, null, this.onFault);
      }
      entry = this.queue[this.inFlight];
    }
    return bytes;
  }

  /** The next piece of the packet that is too large. */
  slice(): string {
    const bytes = this.large.substr(this.largeAt, WRITE_SIZE);
    this.largeAt += WRITE_SIZE;
    if (this.largeAt >= this.large.length) this.large = "";
    return bytes;
  }

  /** The oldest message that waits for its PUBACK. */
  unacknowledged(): OutboxEntry | undefined {
    return this.inFlight ? this.queue[0] : undefined;
  }

  /** Takes out the sent message with this packet id; undefined when there is none. */
  acknowledge(id: string): OutboxEntry | undefined {
    let index = 0;
    while (index < this.inFlight && this.queue[index].id !== id) index++;
    return index < this.inFlight ? this.removeAt(index) : undefined;
  }

  /**
   * After the connection was lost: messages of QoS 1 are to be sent again, the sent ones as
   * duplicates; those of QoS 0 are taken out and returned.
   */
  rewind(): OutboxEntry[] {
    const lost: OutboxEntry[] = [];
    const kept: OutboxEntry[] = [];
    this.large = "";
    this.inFlight = 0;
    this.room = this.limits.bytes;
    for (const entry of this.queue) {
      if (!entry.id) {
        lost.push(entry);
        continue;
      }
      if (entry.at >= 0) entry.data = markDuplicate(entry.data);
      kept.push(entry);
      this.room -= entry.data.length;
    }
    this.queue = kept;
    return lost;
  }

  /** Takes out everything. */
  clear(): OutboxEntry[] {
    const all = this.queue;
    this.large = "";
    this.queue = [];
    this.inFlight = 0;
    this.room = this.limits.bytes;
    return all;
  }

  /** Takes out a message. */
  removeAt(index: number): OutboxEntry {
    if (index < this.inFlight) this.inFlight--;
    const entry = index ? this.queue.splice(index, 1)[0] : (this.queue.shift() as OutboxEntry);
    this.room += entry.data.length;
    return entry;
  }
}
