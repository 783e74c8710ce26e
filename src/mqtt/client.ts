/**
 * The MQTT 3.1.1 client of the firmware: the session on a socket, with timers and reconnects.
 * @module
 */
import { Connection, textOf } from "../link/connection.ts";
import { toBytes } from "../text/utf8.ts";
import { Backoff, DEFAULT_BACKOFF, STABLE_TIME } from "./backoff.ts";
import { Clock } from "./clock.ts";
import {
  BAD_TOPIC,
  CONNECTION_CLOSED,
  DIAL_FAILED,
  DISCONNECTED,
  LINK_DOWN,
  type MqttError,
  mqttError,
  NOT_OFFERED,
} from "./error.ts";
import { throwLater } from "./fault.ts";
import {
  DEFAULT_MAX_PACKET,
  type MqttEvents,
  type MqttOptions,
  type MqttStats,
} from "./options.ts";
import type { PublishDone } from "./outbox.ts";
import { PacketReader } from "./reader.ts";
import { CLOSED, IDLE, NETWORK_TURN, ONLINE, PROBE_TIME, Session } from "./session.ts";
import { filtersToBytes } from "./topic.ts";

export type { MqttError } from "./error.ts";
export type { MqttEvents, MqttOptions, MqttStats } from "./options.ts";

/** A look that comes later than this, s, waits a second: first what has arrived is to be read. */
const LATE = 2;
/** Seconds for the stream to open, where `dial` does not block until it is. */
const DIAL_TIME = 60;
/** A message that is sent now is looked for at the latest after this, s. */
const SOON = PROBE_TIME + 1;
/** Milliseconds that `stop()` waits for what is under way. */
const STOP_TIME = 5000;

export class MqttClient {
  isOnline = false;
  readonly stats: MqttStats;
  private readonly session: Session;
  private readonly backoff: Backoff;
  /** One for each connection. */
  private reader = new PacketReader(0);
  private connection: Connection | null = null;
  private running = false;
  /** Whether the last call was `start()`; one during a stop waits for its end. */
  private wanted = false;
  private linkIsUp = true;
  private dialBy = 0;
  private onlineAt = 0;
  private retryTimer = 0;
  /** When the deadlines are looked at next, s. */
  private tickBy = 0;
  private tickTimer = 0;
  /** Whether a PINGRESP is awaited. */
  private pinging = false;
  private stopTimer = 0;
  private stopDone: (() => void)[] = [];
  private readonly clock = new Clock();

  constructor(
    private readonly options: MqttOptions,
    private readonly events: MqttEvents,
  ) {
    if ((options as any).will || (options as any).retain) throw mqttError(NOT_OFFERED);
    this.backoff = new Backoff(options.backoff || DEFAULT_BACKOFF);
    this.session = new Session(options, events, throwLater);
    this.stats = this.session.stats;
  }

  /** Connects, and keeps reconnecting until `stop()`. Nothing is called back before it returns. */
  start(): void {
    this.wanted = true;
    if (this.running || this.stopTimer) return;
    this.running = true;
    this.retryIn(0);
  }

  /**
   * Sends what is queued, waits for its PUBACKs and disconnects; gives up on that after 5 s. Then
   * messages that are left are settled with `DISCONNECTED`, and `done` is called.
   */
  stop(done: () => void): void {
    this.wanted = false;
    this.stopDone.push(done);
    if (this.stopTimer) return;
    this.running = false;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = 0;
    this.stopTimer = setTimeout(
      () => this.lost(mqttError(DISCONNECTED)),
      this.isOnline ? STOP_TIME : 0,
    );
    this.session.finish();
    this.pump(this.clock.now());
  }

  /**
   * Queues a message; while offline one of QoS 1 waits in the outbox and one of QoS 0 is refused.
   * @param payload bytes, or text (sent as UTF-8)
   * @param done called once: `null` at the PUBACK (QoS 0: when handed to the socket), else the error
   * @returns the packet id (QoS 0: 0), or minus a code of `error.ts` when refused (bad topic, outbox
   *   full, offline, ...): `done` is then not called
   */
  publishText(
    topic: string,
    payload: string,
    qos: 0 | 1,
    done?: (error: MqttError | null) => void,
  ): number {
    return this.publishBytes(toBytes(topic), toBytes(payload), qos, done);
  }

  /** As `publishText`, for byte strings; without `done`, `onUndelivered` tells of a message that is lost. */
  publishBytes(topic: string, payload: string, qos: 0 | 1, done?: PublishDone): number {
    const id = this.session.publish(topic, payload, qos, done);
    if (id >= 0) this.pump(this.clock.now());
    return id;
  }

  /**
   * Subscribes to filters; `granted` has 0, 1 or 128 (refused) for each. Ends with an error when the
   * connection is lost meanwhile: subscribe again in `onOnline`. May call `done` before it returns. @brief
   */
  subscribe(
    filters: string[],
    qos: 0 | 1,
    done: (error: MqttError | null, granted: number[]) => void,
  ): void {
    const bytes = filtersToBytes(filters);
    const code = bytes
      ? this.session.subscribeTo(bytes, qos, (error, codes) => {
          const granted: number[] = [];
          for (let i = 0; i < codes.length; i++) granted.push(codes.charCodeAt(i));
          done(error, granted);
        })
      : -BAD_TOPIC;
    if (code < 0) done(mqttError(-code), []);
    else this.pump(this.clock.now());
  }

  /** As `subscribe`. @brief */
  unsubscribe(filters: string[], done: (error: MqttError | null) => void): void {
    const bytes = filtersToBytes(filters);
    const code = bytes ? this.session.unsubscribeFrom(bytes, done) : -BAD_TOPIC;
    if (code < 0) done(mqttError(-code));
    else this.pump(this.clock.now());
  }

  /** The link went down (the connection is given up) or came up (an attempt is made at once). */
  linkChanged(up: boolean): void {
    if (up === this.linkIsUp) return;
    this.linkIsUp = up;
    if (!this.running) return;
    if (up) {
      if (!this.connection) this.retryIn(0);
    } else {
      if (this.connection) this.lost(mqttError(LINK_DOWN));
      if (this.retryTimer) clearTimeout(this.retryTimer);
      this.retryTimer = 0;
    }
  }

  private retryIn(ms: number): void {
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), ms);
  }

  private connect(): void {
    this.retryTimer = 0;
    if (this.connection || !this.linkIsUp) return;
    this.reader = new PacketReader(this.options.maxPacket || DEFAULT_MAX_PACKET);
    const connection = new Connection(this);
    try {
      connection.open(this.options);
    } catch (error) {
      this.lost(mqttError(DIAL_FAILED, textOf(error)));
      return;
    }
    this.connection = connection;
    // Not before `dial`, which may have blocked.
    const now = this.clock.now();
    this.dialBy = now + DIAL_TIME;
    this.arm(now);
  }

  onOpen(): void {
    const now = this.clock.now();
    this.session.opened(now);
    this.arm(now);
    this.pump(now);
  }

  // Short, as `pump`: the interpreter reads what it does not run, too.
  onData(bytes: string): void {
    const connection = this.connection;
    const reader = this.reader;
    const session = this.session;
    const now = this.clock.now();
    let rest = "";
    try {
      rest = session.take(bytes, reader, now);
    } catch (error) {
      throwLater(error);
    }
    if (rest) this.receive(rest, connection, now);
    // A long one would stay until the next comes.
    reader.payload = "";
    if (this.pinging && connection === this.connection) this.arm(now);
    if (session.pending) this.pump(now);
  }

  /** Takes bytes with any packets, or pieces of one. @rare */
  private receive(bytes: string, connection: Connection | null, now: number): void {
    if (connection !== this.connection) return;
    const reader = this.reader;
    reader.feed(bytes);
    let type = reader.next();
    while (type > 0) {
      let code = 0;
      try {
        code = this.session.receive(type, reader, now);
        if (!this.isOnline) this.lookOnline();
      } catch (error) {
        throwLater(error);
      }
      // A callback may have given up the connection.
      if (connection !== this.connection) return;
      if (code) {
        this.lost(mqttError(code));
        return;
      }
      type = reader.unread ? reader.next() : 0;
    }
    if (type < 0) this.lost(mqttError(-type));
  }

  onDrain(): void {
    this.session.unsent = 0;
    if (!this.session.pending) return;
    // After DISCONNECT the close that follows ends the stop.
    if (this.session.state === CLOSED && this.connection) this.connection.end();
    // It was looked at when this was written.
    else this.pump(this.clock.last);
  }

  onClose(reason: string): void {
    this.lost(mqttError(CONNECTION_CLOSED, reason));
  }

  /** @brief */
  private lookOnline(): void {
    if (this.session.state !== ONLINE) return;
    this.isOnline = true;
    this.onlineAt = this.clock.now();
    this.events.onOnline(this.session.sessionPresent);
  }

  /** Writes the next bytes if the last ones are gone. */
  private pump(now: number): void {
    const connection = this.connection;
    if (!connection || connection.busy) return;
    const session = this.session;
    // Set first, for a callback in `next` may publish.
    connection.busy = 1;
    const bytes = session.next(now);
    if (connection !== this.connection) return;
    if (!bytes) {
      connection.busy = 0;
      return;
    }
    const fault = connection.write(bytes, session.special || session.unsent > NETWORK_TURN);
    if (fault) this.lost(mqttError(CONNECTION_CLOSED, fault));
    else if (this.tickBy > now + SOON) this.arm(now);
    if (session.pending) this.pump(now);
  }

  /** Sets the timer for the next deadline. @rare */
  private arm(now: number): void {
    const due = this.session.state === IDLE ? this.dialBy : this.session.due(now);
    this.pinging = false;
    this.tickIn(Math.max(1, due - now), now);
  }

  private tickIn(seconds: number, now: number): void {
    if (this.tickTimer) clearTimeout(this.tickTimer);
    this.tickBy = now + seconds;
    this.clock.expect(seconds);
    this.tickTimer = setTimeout(this.onTick, seconds * 1000);
  }

  private readonly onTick = (): void => {
    this.tickTimer = 0;
    if (!this.connection) return;
    const now = this.clock.reach(this.tickBy);
    if (now > this.tickBy + LATE) {
      this.tickIn(1, now);
      return;
    }
    let code = this.session.check(now);
    if (this.session.state === IDLE && now >= this.dialBy) code = DIAL_FAILED;
    if (code) {
      this.lost(mqttError(code));
      return;
    }
    this.arm(now);
    this.pinging = this.session.keepalive.pingBy > 0;
    this.pump(now);
  };

  /**
   * Ends the connection or the attempt; what follows depends on whether the application stopped it.
   * @brief
   */
  private lost(error: MqttError): void {
    const stopped = !this.running;
    const connection = this.connection;
    const end = stopped ? mqttError(DISCONNECTED) : error;
    if (this.isOnline && this.clock.now() - this.onlineAt >= STABLE_TIME) this.backoff.reset();
    this.connection = null;
    if (connection) connection.close();
    this.isOnline = false;
    if (this.tickTimer) clearTimeout(this.tickTimer);
    this.tickTimer = 0;
    end.retryIn = 0;
    if (!stopped) {
      this.stats.reconnects++;
      end.retryIn = this.backoff.afterFailure(error.code, (this.options.random || Math.random)());
      if (this.linkIsUp) this.retryIn(end.retryIn);
    }
    this.session.drop(end, !stopped);
    try {
      if (connection || !stopped) this.events.onOffline(end);
    } catch (fault) {
      throwLater(fault);
    }
    if (stopped) this.stopped();
  }

  private stopped(): void {
    const done = this.stopDone;
    this.stopDone = [];
    if (this.stopTimer) clearTimeout(this.stopTimer);
    this.stopTimer = 0;
    if (this.wanted) this.start();
    for (const call of done) {
      try {
        call();
      } catch (fault) {
        throwLater(fault);
      }
    }
  }
}
