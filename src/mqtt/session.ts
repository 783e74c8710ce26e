/**
 * One client's conversation with a broker on one connection after another: what is published, what
 * comes, and when it is written. Connects nothing itself, and has no timer.
 * @module
 */
import type { ConnectionEvents } from "../link/connection.ts";
import { takeAnswer } from "./answers.ts";
import type { Clock } from "./clock.ts";
import {
  DISCONNECT,
  encodeConnect,
  encodePublish,
  field,
  PINGREQ,
  PUBACK_HEAD,
  PUBACK_SIZE,
  word,
} from "./encode.ts";
import {
  BAD_TOPIC,
  CONNECTION_CLOSED,
  DISCONNECTED,
  FLOOD,
  type MqttError,
  mqttError,
  NOT_OFFERED,
  OFFLINE,
  OUTBOX_FULL,
} from "./error.ts";
import { callSafely } from "./fault.ts";
import { Keepalive, PROBE_TIME } from "./keepalive.ts";
import { CONNACK_TIME, DEFAULT_MAX_PACKET, type MqttEvents, type MqttOptions } from "./options.ts";
import {
  DEFAULT_OUTBOX,
  NETWORK_TURN,
  NEVER,
  Outbox,
  type OutboxEntry,
  type PublishDone,
  WRITE_SIZE,
} from "./outbox.ts";
import { freeAfter, idNumber, LAST_ID } from "./packet-ids.ts";
import { CLOSED, CLOSING, CONNECTING, IDLE, ONLINE } from "./phases.ts";
import { NO_ID, PacketReader, PINGRESP, PUBACK, PUBLISH } from "./reader.ts";
import { type RequestDone, Requests } from "./requests.ts";
import { isTopicName } from "./topic.ts";
import type { Owner, Wire } from "./wire.ts";

/** Deadlines are looked at at the latest so many seconds after something was sent. */
const SOON = PROBE_TIME + 1;
/** Bytes of the fixed header of a message that is written at once, and most of what follows. */
const HEAD = 3;
const MOST_AT_ONCE = WRITE_SIZE - HEAD;
/** Bytes of PUBACKs that may wait for a peer that sends but does not read. */
const MAX_CONTROL = 1024;

export class Session implements ConnectionEvents {
  phase = IDLE;
  /** Of the last CONNACK. */
  sessionPresent = false;
  connection: Wire | null = null;
  /** When the deadlines are looked at next, s. */
  lookBy = 0;
  readonly outgoing: Outbox;
  readonly liveness = new Keepalive();
  /** Whether there may be something to write. */
  pending = false;
  /** Whether there is more to look at than messages on a standing connection. */
  private special = true;
  /** Bytes written that may not be sent yet. */
  private unsent = 0;
  readonly requests = new Requests();
  /** Small packets that go before the others: CONNECT, PUBACK, PINGREQ. */
  private control = "";
  /** The last packet id, and up to which the next ones are known to be free. */
  private lastId = 0;
  private freeTo = LAST_ID;
  /** The last topic of a publish, which is legal. */
  private topic = "/";
  /** The same as it stands in packets. */
  private name = field(this.topic);
  /** One for each connection. */
  private reader = new PacketReader(0);
  /** When CONNACK must have come. */
  connackBy = 0;
  readonly counts = {
    acknowledged: 0,
    received: 0,
    refused: 0,
    unexpected: 0,
    connects: 0,
    /** By the owner. */
    reconnects: 0,
  };

  readonly options: MqttOptions;
  private readonly events: Pick<MqttEvents, "onMessage" | "onUndelivered">;
  readonly owner: Owner;
  private readonly clock: Pick<Clock, "now" | "last">;
  readonly onFault: (error: any) => void;

  /** @param onFault hears of exceptions of the application */
  constructor(
    options: MqttOptions,
    events: Pick<MqttEvents, "onMessage" | "onUndelivered">,
    owner: Owner,
    clock: Pick<Clock, "now" | "last">,
    onFault: (error: any) => void,
  ) {
    this.options = options;
    this.events = events;
    this.owner = owner;
    this.clock = clock;
    this.onFault = onFault;
    this.outgoing = new Outbox(options.outbox || DEFAULT_OUTBOX, onFault);
  }

  /**
   * Sends a message, or queues it until it can be sent; while offline one of QoS 1 waits and one of QoS 0
   * is refused. Topic and payload are byte strings.
   * @param done called once: true at the PUBACK (QoS 0: when handed to the socket), else false and the
   *   error; without it, `onUndelivered` tells of one of QoS 1 that is lost
   * @returns the packet id (QoS 0: 0), or minus a code of `error.ts` when refused (bad topic, outbox full,
   *   offline, ...): `done` is then not called
   */
  publish(topic: string, payload: string, qos: number, done?: PublishDone): number {
    const connection = this.connection as Wire;
    const outbox = this.outgoing;
    const queue = outbox.queue;
    const size = this.name.length + payload.length + 2;
    if (
      this.special ||
      topic !== this.topic ||
      qos !== 1 ||
      connection.busy ||
      queue.length !== outbox.inFlight ||
      queue.length >= outbox.window ||
      size < 128 ||
      size > MOST_AT_ONCE ||
      size + HEAD > outbox.room ||
      this.lastId === this.freeTo
    ) {
      return this.enqueue(topic, payload, qos, done);
    }
    // As most: to the topic of the one before, and nothing waits to be sent.
    // PUBACKs that wait came in this turn, which looked at the clock.
    const now = this.pending ? this.clock.last : this.clock.now();
    const number = ++this.lastId;
    const id = String.fromCharCode(number >> 8, number & 255);
    const data =
      String.fromCharCode(0x32, (size & 127) | 128, size >> 7) + this.name + id + payload;
    queue.push({ id: id, data: data, done: done, at: now });
    outbox.inFlight++;
    outbox.room -= data.length;
    this.unsent += size;
    this.liveness.saidAt = now;
    connection.write(this.pending ? this.takeControl() + data : data, this.unsent > NETWORK_TURN);
    if (this.lookBy > now + SOON) this.owner.arm(now);
    return number;
  }

  /** As `publish`, and the better one for QoS 0. @rare */
  enqueue(topic: string, payload: string, qos: number, done?: PublishDone): number {
    if (qos !== 0 && qos !== 1) return -NOT_OFFERED;
    const special = this.special;
    if (topic !== this.topic) {
      if (!isTopicName(topic)) return -BAD_TOPIC;
      this.topic = topic;
      this.name = field(topic);
      // Nothing but its topic may have been in its way.
      if (qos && !special) return this.publish(topic, payload, qos, done);
    }
    const outbox = this.outgoing;
    if (special) {
      if (this.phase >= CLOSING) return -DISCONNECTED;
      if (!qos && this.phase !== ONLINE) return -OFFLINE;
    } else if (!qos && outbox.queue.length === outbox.inFlight && outbox.inFlight < outbox.window) {
      const connection = this.connection as Wire;
      const data = encodePublish(this.name, payload, "");
      if (!connection.busy && data.length <= WRITE_SIZE) {
        // Nothing is to be kept of what is written at once.
        outbox.gone++;
        this.unsent += data.length;
        this.liveness.saidAt = this.clock.now();
        connection.write(this.takeControl() + data, this.unsent > NETWORK_TURN);
        if (done) callSafely(done, true, null, this.onFault);
        return 0;
      }
    }
    // Fixed header (up to 5), length of the topic, packet id.
    if (!outbox.hasRoom(topic.length + payload.length + 9)) {
      this.counts.refused++;
      return -OUTBOX_FULL;
    }
    const number = qos && this.nextId();
    const id = qos ? word(number) : "";
    const data = encodePublish(this.name, payload, id);
    outbox.add({ id: id, data: data, done: done, at: NEVER });
    this.pending = true;
    this.flush(this.clock.now());
    return number;
  }

  /** A packet id that is not in use: there is one, for messages and requests are bounded. */
  private nextId(): number {
    while (this.lastId === this.freeTo) {
      // The one that follows is in use, or there is none.
      this.lastId = (this.lastId + 1) % (LAST_ID + 1);
      this.freeTo = freeAfter(this.lastId, this.outgoing.queue.concat(this.requests.list as any));
    }
    return ++this.lastId;
  }

  /**
   * Takes what comes most without the reader: the PUBACK of the oldest message, a PUBLISH as the one
   * before, or both. What is used is taken from `bytes`: of a large packet only the payload stays in memory.
   */
  onData(bytes: string): void {
    const now = this.clock.now();
    const reader = this.reader;
    this.liveness.heardAt = now;
    if (this.special || reader.held) {
      bytes = reader.gather(bytes);
      if (this.special) {
        this.receive(bytes, now);
        return;
      }
    }
    const outbox = this.outgoing;
    const queue = outbox.queue;
    const entry = queue[0];
    if (outbox.inFlight && bytes.startsWith(PUBACK_HEAD + entry.id)) {
      bytes = bytes.substr(PUBACK_SIZE);
      queue.shift();
      outbox.room += entry.data.length;
      this.counts.acknowledged++;
      // What was written before has come to the peer.
      if (!--outbox.inFlight) this.unsent = 0;
      // The window has room again.
      if (queue.length > outbox.inFlight) this.pending = true;
      if (entry.done) callSafely(entry.done, true, null, this.onFault);
    }
    // Whoever waited for the PUBACK may have given up the connection.
    if (bytes && !this.special && (bytes.length === reader.size || reader.expect(bytes))) {
      if (bytes.startsWith(reader.head) || reader.follow(bytes)) {
        const at = reader.head.length;
        const id = reader.qos ? bytes.substr(at, 2) : "";
        if (id !== NO_ID) {
          const payload = bytes.substr(at + id.length);
          bytes = "";
          try {
            this.handOver(reader.topic, payload, id, false);
          } catch (error) {
            this.onFault(error);
          }
        }
      }
    }
    if (bytes && !reader.held) this.receive(bytes, now);
    if (this.pending) this.flush(now);
  }

  /** Takes bytes with any packets, the last of which may be cut, and writes what they bring. @rare */
  private receive(bytes: string, now: number): void {
    const connection = this.connection;
    const reader = this.reader;
    if (!connection || !bytes) return;
    reader.unread = bytes;
    bytes = "";
    let type = reader.next();
    while (type > 0) {
      let code = 0;
      try {
        code = this.takePacket(type, reader, now);
      } catch (error) {
        this.onFault(error);
      }
      // A callback may have given up the connection.
      if (connection !== this.connection) return;
      type = code ? -code : reader.unread ? reader.next() : 0;
    }
    // A long one would stay until the next comes.
    reader.payload = "";
    if (type < 0) this.owner.lost(mqttError(-type));
    else if (this.pending) this.flush(now);
  }

  /** Takes a packet that the reader found; 0, or the error code with which the connection ends. */
  private takePacket(type: number, packet: PacketReader, now: number): number {
    if (this.phase === CONNECTING || (type !== PUBLISH && type !== PUBACK && type !== PINGRESP)) {
      return takeAnswer(this, type, packet);
    }
    if (type === PUBLISH) {
      if (packet.qos && this.control.length > MAX_CONTROL) return FLOOD;
      this.handOver(packet.topic, packet.payload, packet.qos ? packet.id : "", packet.dup);
    } else if (type === PUBACK) {
      const entry = this.outgoing.acknowledge(packet.id);
      if (entry) {
        this.counts.acknowledged++;
        // The window has room again.
        this.pending = true;
        callSafely(entry.done, true, null, this.onFault);
      } else this.counts.unexpected++;
    } else {
      this.liveness.pong();
      this.owner.arm(now);
    }
    return 0;
  }

  /** `id` is empty for QoS 0. */
  private handOver(topic: string, payload: string, id: string, dup: boolean): void {
    this.counts.received++;
    if (id) {
      this.control += PUBACK_HEAD + id;
      this.pending = true;
    }
    this.events.onMessage(topic, payload, id ? 1 : 0, dup);
  }

  /** Writes what is next, if the last bytes are gone. */
  flush(now: number): void {
    const connection = this.connection;
    if (!connection || connection.busy) {
      // `takePacket` looks at what is too much.
      if (this.control.length > MAX_CONTROL) this.special = true;
      return;
    }
    if (this.special || this.outgoing.queue.length > this.outgoing.inFlight) {
      this.writeAll(connection, now);
      return;
    }
    // As most: only PUBACKs.
    const bytes = this.control;
    this.pending = false;
    if (!bytes) return;
    this.control = "";
    this.unsent += bytes.length;
    this.liveness.saidAt = now;
    connection.write(bytes, this.unsent > NETWORK_TURN);
  }

  /** @rare */
  private writeAll(connection: Wire, now: number): void {
    const outbox = this.outgoing;
    // A callback may publish.
    connection.busy = 1;
    const bytes = this.special ? this.nextOfAll(now) : outbox.fill(this.takeControl(), now);
    if (connection !== this.connection) return;
    connection.busy = 0;
    if (outbox.large) this.special = true;
    // CLOSED: what follows the last bytes is the end of the connection.
    this.pending = outbox.hasNext() || (this.special && !!bytes);
    if (!bytes) return;
    this.unsent += bytes.length;
    this.liveness.saidAt = now;
    if (this.lookBy > now + SOON) this.owner.arm(now);
    connection.write(bytes, this.special || this.unsent > NETWORK_TURN);
    if (this.pending) this.flush(now);
  }

  private takeControl(): string {
    const bytes = this.control;
    this.control = "";
    this.pending = false;
    return bytes;
  }

  /** @brief */
  private nextOfAll(now: number): string {
    const outbox = this.outgoing;
    const requests = this.requests;
    // The rest of a packet comes before all else.
    if (outbox.large) return outbox.slice();
    let bytes = this.takeControl();
    if (this.phase === ONLINE || this.phase === CLOSING) {
      bytes = outbox.fill(requests.addTo(bytes, WRITE_SIZE, now), now);
      if (
        this.phase === CLOSING &&
        !outbox.queue.length &&
        !requests.list.length &&
        !outbox.large
      ) {
        bytes += DISCONNECT;
        this.phase = CLOSED;
      }
    }
    this.special = this.phase !== ONLINE || requests.list.length > 0;
    return bytes;
  }

  onDrain(): void {
    this.unsent = 0;
    if (!this.pending) return;
    // After DISCONNECT the close that follows ends the stop.
    if (this.phase === CLOSED && this.connection) this.connection.end();
    // It was looked at when this was written.
    else this.flush(this.clock.last);
  }

  onClose(reason: string): void {
    this.owner.lost(mqttError(CONNECTION_CLOSED, reason));
  }

  /** The stream is open: CONNECT is next. */
  onOpen(): void {
    const now = this.clock.now();
    const options = this.options;
    this.phase = CONNECTING;
    this.control = encodeConnect(options.credentials(), options.keepalive, options.cleanSession);
    this.unsent = 0;
    this.reader = new PacketReader(options.maxPacket || DEFAULT_MAX_PACKET);
    this.liveness.begin(now);
    this.connackBy = now + (options.connectTimeout || CONNACK_TIME);
    this.owner.arm(now);
    this.flush(now);
  }

  /**
   * Asks for subscriptions with this QoS, or to end them (`UNSUBSCRIBE`); 0, or minus an error code when
   * refused: `done` is then not called.
   */
  subscribeTo(filters: string[], qos: number, done: RequestDone): number {
    if (qos > 1) return -NOT_OFFERED;
    if (this.phase !== ONLINE) return this.phase >= CLOSING ? -DISCONNECTED : -OFFLINE;
    if (this.requests.areFull) return -OUTBOX_FULL;
    this.requests.put(word(this.nextId()), filters, qos, done);
    this.special = true;
    this.flush(this.clock.now());
    return 0;
  }

  /** Sends PINGREQ with what is written next. */
  ping(): void {
    this.control += PINGREQ;
    this.pending = true;
  }

  /** From now on only what is queued is sent, and then DISCONNECT. */
  finish(): void {
    if (this.phase === ONLINE) this.phase = CLOSING;
    this.pending = this.special = true;
    this.flush(this.clock.now());
  }

  /**
   * The connection has ended. Messages of QoS 1 wait for the next one, unless `keep` is false;
   * everything else is settled with the error.
   */
  drop(error: MqttError, keep: boolean): void {
    this.phase = IDLE;
    this.pending = false;
    this.special = true;
    this.control = "";
    const lost = keep ? this.outgoing.rewind() : this.outgoing.clear();
    const asked = this.requests.takeAll();
    for (const entry of lost) this.lose(entry, error);
    for (const request of asked) callSafely(request.done, error, "", this.onFault);
  }

  /** Tells of a message that is given up. */
  lose(entry: OutboxEntry, error: MqttError): void {
    if (entry.at >= 0) this.outgoing.gone++;
    callSafely(entry.done, false, error, this.onFault);
    const events = this.events;
    if (entry.done || !entry.id || !events.onUndelivered) return;
    events.onUndelivered(idNumber(entry.id), error);
  }
}
