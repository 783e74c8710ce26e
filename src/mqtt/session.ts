/**
 * One client's conversation with a broker as a state machine: packets and the time go in, bytes to
 * send and callbacks come out. No clock, no socket, no randomness.
 * @module
 */
import {
  DISCONNECT,
  encodeConnect,
  encodePublish,
  encodeSubscribe,
  encodeUnsubscribe,
  field,
  PINGREQ,
  PUBACK_HEAD,
  PUBACK_SIZE,
} from "./encode.ts";
import {
  BAD_FLAGS,
  BAD_GRANT,
  BAD_RETURN_CODE,
  BAD_TOPIC,
  CONNECT_TIMEOUT,
  DISCONNECTED,
  FLOOD,
  type MqttError,
  mqttError,
  NOT_ACKNOWLEDGED,
  NOT_OFFERED,
  OFFLINE,
  OUTBOX_FULL,
  PING_TIMEOUT,
  UNEXPECTED_PACKET,
} from "./error.ts";
import { callSafely } from "./fault.ts";
import { DEAD, Keepalive, PING } from "./keepalive.ts";
import { CONNACK_TIME, type MqttEvents, type MqttOptions, type MqttStats } from "./options.ts";
import { DEFAULT_OUTBOX, Outbox, type OutboxEntry, type PublishDone } from "./outbox.ts";
import { idNumber, PacketIds } from "./packet-ids.ts";
import { CONNACK, type PacketReader, PINGRESP, PUBACK, PUBLISH } from "./reader.ts";
import { isGrant, type RequestDone, Requests } from "./requests.ts";
import { isTopicName } from "./topic.ts";

/** States. `CLOSING`: sends what is left, then DISCONNECT; `CLOSED`: DISCONNECT was handed out. */
export const IDLE = 0;
export const CONNECTING = 1;
export const ONLINE = 2;
export const CLOSING = 3;
export const CLOSED = 4;

/** Bytes that the interpreter sends in a turn of its loop; what is more it keeps, without a bound. */
export const NETWORK_TURN = 536;
/** Most bytes handed out at once. */
export const WRITE_SIZE = 2 * NETWORK_TURN;
/** Messages that may wait for their PUBACK at a time. */
const WINDOW = 16;
/** Seconds for a PUBACK, SUBACK or UNSUBACK on a living connection. */
const ACK_TIME = 30;
/** Seconds without a PUBACK after which a ping asks whether the peer lives. */
export const PROBE_TIME = 10;
/** Bytes of PUBACKs that may wait for a peer that sends but does not read. */
const MAX_CONTROL = 1024;

export class Session {
  state = IDLE;
  /** Of the last CONNACK. */
  sessionPresent = false;
  readonly stats: MqttStats = {
    sent: 0,
    resent: 0,
    acknowledged: 0,
    received: 0,
    refused: 0,
    unexpected: 0,
    connects: 0,
    reconnects: 0,
    outbox: 0,
    outboxBytes: 0,
  };
  /** Whether `next` may have bytes; false: it has none. */
  pending = false;
  /** Whether there is more to look at than messages on a standing connection. */
  special = true;
  /** Bytes handed out that may not be sent yet. */
  unsent = 0;
  readonly outbox: Outbox;
  private readonly requests = new Requests();
  /** Small packets that go before the others: CONNECT, PUBACK, PINGREQ. */
  private control = "";
  /** A packet too large for one write, and how much of it is handed out. */
  private large = "";
  private largeAt = 0;
  readonly keepalive = new Keepalive();
  private readonly ids: PacketIds;
  /** The last topic of a publish, which is legal. */
  private topic = "/";
  /** The same as it stands in packets. */
  private name = field(this.topic);
  /** When CONNACK must have come. */
  private connackBy = 0;

  /** @param onFault hears of exceptions of the application's `done` callbacks */
  constructor(
    private readonly options: MqttOptions,
    private readonly events: Pick<MqttEvents, "onMessage" | "onUndelivered">,
    private readonly onFault: (error: any) => void,
  ) {
    this.outbox = new Outbox(options.outbox || DEFAULT_OUTBOX, this.stats);
    this.ids = new PacketIds(this.outbox, this.requests);
  }

  /** The stream is open: CONNECT is next. */
  opened(now: number): void {
    this.state = CONNECTING;
    this.special = true;
    const options = this.options;
    this.control = encodeConnect(options.credentials(), options.keepalive, options.cleanSession);
    this.pending = true;
    this.large = "";
    this.unsent = 0;
    this.keepalive.begin(now);
    this.connackBy = now + (options.connectTimeout || CONNACK_TIME);
  }

  /**
   * Queues a message. Its packet id (0 for QoS 0), or minus an error code when it is refused. Without
   * `done`, `onUndelivered` tells of one of QoS 1 that is lost.
   */
  publish(topic: string, payload: string, qos: number, done?: PublishDone): number {
    // Most messages go to the topic of the one before.
    if (this.state !== ONLINE || topic !== this.topic || qos !== 1) {
      const code = this.refusal(topic, qos);
      if (code) return -code;
    }
    // Fixed header (up to 5), length of the topic, packet id.
    if (!this.outbox.hasRoom(topic.length + payload.length + 9)) {
      this.stats.refused++;
      return -OUTBOX_FULL;
    }
    const id = qos ? this.ids.next() : "";
    this.outbox.add(id, encodePublish(this.name, payload, id), done);
    this.pending = true;
    return qos && this.ids.last;
  }

  /** Why a message can't be taken; 0: it can. @rare */
  private refusal(topic: string, qos: number): number {
    if (qos !== 0 && qos !== 1) return NOT_OFFERED;
    if (!topic || topic !== this.topic) {
      if (!isTopicName(topic)) return BAD_TOPIC;
      this.topic = topic;
      this.name = field(topic);
    }
    if (this.state >= CLOSING) return DISCONNECTED;
    return !qos && this.state !== ONLINE ? OFFLINE : 0;
  }

  /** Asks for subscriptions; 0, or minus an error code when refused (`done` is then not called). */
  subscribeTo(filters: string[], qos: number, done: RequestDone): number {
    if (qos !== 0 && qos !== 1) return -NOT_OFFERED;
    return this.request(filters, qos, done);
  }

  /** As `subscribeTo`. */
  unsubscribeFrom(filters: string[], done: RequestDone): number {
    return this.request(filters, -1, done);
  }

  /**
   * Takes what comes most: the PUBACK of the oldest message, a PUBLISH as the one before, or both.
   * What is left of the chunk is for the reader and `receive`.
   */
  take(chunk: string, packet: PacketReader, now: number): string {
    if (this.special || packet.unread) return chunk;
    const outbox = this.outbox;
    let rest = chunk;
    this.keepalive.heardAt = now;
    if (outbox.sent && chunk.startsWith(PUBACK_HEAD + outbox.queue[0].id)) {
      this.settle(outbox.removeAt(0));
      // What was written before has come to the peer.
      if (!outbox.sent) this.unsent = 0;
      rest = chunk.substr(PUBACK_SIZE);
    }
    // Whoever waited for the PUBACK may have given up the connection.
    if (!rest || this.special || this.control.length > MAX_CONTROL || !packet.single(rest)) {
      return rest;
    }
    this.message(packet, 1, false);
    return "";
  }

  /** Takes a packet that the reader found; 0, or the error code with which the connection ends. */
  receive(type: number, packet: PacketReader, now: number): number {
    this.keepalive.heardAt = now;
    if (this.state === CONNECTING || (type !== PUBLISH && type !== PUBACK && type !== PINGRESP)) {
      return this.answer(type, packet);
    }
    if (type === PUBLISH) {
      if (packet.qos && this.control.length > MAX_CONTROL) return FLOOD;
      this.message(packet, packet.qos, packet.dup);
    } else if (type === PUBACK) this.settle(this.outbox.acknowledge(packet.id));
    else this.keepalive.pong();
    return 0;
  }

  private message(packet: PacketReader, qos: number, dup: boolean): void {
    this.stats.received++;
    if (qos) {
      this.control += PUBACK_HEAD + packet.id;
      this.pending = true;
    }
    this.events.onMessage(packet.topic, packet.payload, qos, dup);
  }

  /** The bytes to write next, at most `WRITE_SIZE`; empty when there are none. */
  next(now: number): string {
    if (this.special) return this.nextOfAll(now);
    this.pending = false;
    let bytes = this.control;
    if (bytes) this.control = "";
    if (this.stats.outbox > this.outbox.sent) bytes = this.fill(bytes, now);
    this.unsent += bytes.length;
    if (bytes) this.keepalive.saidAt = now;
    return bytes;
  }

  /** @brief */
  private nextOfAll(now: number): string {
    // The rest of a packet comes before all else.
    if (this.large) return this.slice(now);
    let bytes = this.control;
    if (bytes) this.control = "";
    if (this.state === ONLINE || this.state === CLOSING) {
      if (this.requests.count) bytes = this.requests.addTo(bytes, WRITE_SIZE, now);
      if (this.stats.outbox > this.outbox.sent) bytes = this.fill(bytes, now);
      if (this.state === CLOSING && !this.stats.outbox && !this.requests.count && !this.large) {
        bytes += DISCONNECT;
        this.state = CLOSED;
      }
    }
    if (bytes) this.keepalive.saidAt = now;
    this.special = this.state !== ONLINE || this.requests.count > 0 || !!this.large;
    // CLOSED: what follows the last bytes is the end of the connection.
    this.pending = !!bytes;
    return bytes;
  }

  /** When `check` is to be called next, s; later than `now`, from the last call on or `open`. */
  due(now: number): number {
    if (this.state === CONNECTING) return this.connackBy;
    let due = this.keepalive.pingDue(this.options.keepalive, now);
    const oldest = this.outbox.unacknowledged();
    if (oldest) due = Math.min(due, Math.max(oldest.at + PROBE_TIME, now + 1));
    // A request that was not sent yet waits for the socket to take more.
    return this.requests.count ? Math.min(due, now + 1) : due;
  }

  /** To be called when it is `due`: 0, or the error code with which the connection ends. @brief */
  check(now: number): number {
    if (this.state === CONNECTING) return now >= this.connackBy ? CONNECT_TIMEOUT : 0;
    if (this.state === IDLE) return 0;
    const oldest = this.outbox.unacknowledged();
    const doubtAt = oldest && now - oldest.at >= PROBE_TIME ? oldest.at : 0;
    const late = !!oldest && now - oldest.at >= ACK_TIME;
    const ping = this.keepalive.judge(now, this.options.keepalive, doubtAt, late);
    if (ping === DEAD) return PING_TIMEOUT;
    if (ping === PING) {
      this.control += PINGREQ;
      this.pending = true;
    }
    // A message that no answered ping followed may still be in a link that is stuck.
    if (oldest && late && this.keepalive.hasProven(oldest.at)) {
      this.outbox.acknowledge(oldest.id);
      this.pending = true;
      this.lose(oldest, mqttError(NOT_ACKNOWLEDGED));
    }
    const request = this.requests.overdue(now - ACK_TIME);
    if (request) callSafely(request.done, mqttError(NOT_ACKNOWLEDGED), "", this.onFault);
    return 0;
  }

  /** From now on only what is queued is sent, and then DISCONNECT. */
  finish(): void {
    if (this.state === ONLINE) this.state = CLOSING;
    this.pending = this.special = true;
  }

  /**
   * The connection has ended. Messages of QoS 1 wait for the next one, unless `keep` is false;
   * everything else is settled with the error.
   */
  drop(error: MqttError, keep: boolean): void {
    this.state = IDLE;
    this.pending = false;
    this.special = true;
    this.control = "";
    this.large = "";
    const lost = keep ? this.outbox.rewind() : this.outbox.clear();
    const asked = this.requests.takeAll();
    for (const entry of lost) this.lose(entry, error);
    for (const request of asked) callSafely(request.done, error, "", this.onFault);
  }

  private lose(entry: OutboxEntry, error: MqttError): void {
    callSafely(entry.done, error, "", this.onFault);
    const events = this.events;
    if (entry.done || !entry.id || !events.onUndelivered) return;
    events.onUndelivered(idNumber(entry.id), error);
  }

  private connack(codes: string): number {
    const flags = codes.charCodeAt(0);
    const code = codes.charCodeAt(1);
    if (flags > 1) return BAD_FLAGS;
    if (code > 5 || (code && flags)) return BAD_RETURN_CODE;
    if (code) return code;
    this.state = ONLINE;
    this.sessionPresent = flags > 0;
    this.stats.connects++;
    this.pending = true;
    return 0;
  }

  /** A message has been acknowledged, or one that is not known. */
  private settle(entry: OutboxEntry | undefined): void {
    const stats = this.stats;
    if (!entry) {
      stats.unexpected++;
      return;
    }
    stats.acknowledged++;
    // The window has room again.
    if (stats.outbox > this.outbox.sent) this.pending = true;
    if (entry.done) callSafely(entry.done, null, "", this.onFault);
  }

  /** CONNACK, SUBACK, UNSUBACK, or anything before CONNACK. @brief */
  private answer(type: number, packet: PacketReader): number {
    if (this.state === CONNECTING && type === CONNACK) return this.connack(packet.codes);
    if (this.state === CONNECTING || type === CONNACK) return UNEXPECTED_PACKET;
    const request = this.requests.answered(type, packet.id);
    if (!request) {
      this.stats.unexpected++;
      return 0;
    }
    const fits = !request.granted || isGrant(packet.codes, request.granted);
    callSafely(
      request.done,
      fits ? null : mqttError(BAD_GRANT),
      fits && request.granted ? packet.codes : "",
      this.onFault,
    );
    return fits ? 0 : BAD_GRANT;
  }

  private request(filters: string[], qos: number, done: RequestDone): number {
    if (this.state !== ONLINE) return this.state >= CLOSING ? -DISCONNECTED : -OFFLINE;
    if (this.requests.areFull) return -OUTBOX_FULL;
    const id = this.ids.next();
    const data = qos < 0 ? encodeUnsubscribe(id, filters) : encodeSubscribe(id, filters, qos);
    this.requests.enter(id, data, qos < 0 ? 0 : filters.length, done);
    this.pending = this.special = true;
    return 0;
  }

  /** Adds messages while they fit. */
  private fill(bytes: string, now: number): string {
    const outbox = this.outbox;
    let entry: OutboxEntry | undefined = outbox.queue[outbox.sent];
    while (entry && outbox.sent < WINDOW) {
      if (bytes.length + entry.data.length > WRITE_SIZE) {
        this.pending = true;
        if (bytes) break;
        this.large = entry.data;
        this.largeAt = 0;
        this.special = true;
        bytes = this.slice(now);
      } else bytes += entry.data;
      if (entry.dup) this.stats.resent++;
      else this.stats.sent++;
      if (entry.id) {
        entry.at = now;
        entry.dup = true;
        outbox.sent++;
      } else {
        outbox.removeAt(outbox.sent);
        if (entry.done) callSafely(entry.done, null, "", this.onFault);
      }
      entry = outbox.queue[outbox.sent];
    }
    return bytes;
  }

  private slice(now: number): string {
    const bytes = this.large.substr(this.largeAt, WRITE_SIZE);
    this.largeAt += WRITE_SIZE;
    if (this.largeAt >= this.large.length) this.large = "";
    this.pending = true;
    this.keepalive.saidAt = now;
    return bytes;
  }
}
