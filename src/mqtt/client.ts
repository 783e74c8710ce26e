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
import { PacketReader } from "./reader.ts";
import { CLOSED, IDLE, ONLINE, Session } from "./session.ts";
import { filtersToBytes } from "./topic.ts";

export type { MqttError } from "./error.ts";
export type { MqttEvents, MqttOptions, MqttStats } from "./options.ts";

/** Milliseconds between looks at the deadlines. */
const TICK = 1000;
/** Seconds for the stream to open, where `dial` does not block until it is. */
const DIAL_TIME = 60;
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
  private tickTimer = 0;
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
    this.pump();
  }

  /**
   * Queues a message; while offline one of QoS 1 waits in the outbox and one of QoS 0 is refused.
   * @param payload bytes, or text (sent as UTF-8)
   * @param done called once: `null` at the PUBACK (QoS 0: when handed to the socket), else the error
   * @returns the packet id (QoS 0: 0), or minus a code of `error.ts` when refused (bad topic, outbox
   *   full, offline, ...): `done` is then not called
   */
  publish(
    topic: string,
    payload: string,
    qos: 0 | 1,
    done?: (error: MqttError | null) => void,
  ): number {
    const id = this.session.publish(toBytes(topic), toBytes(payload), qos, done);
    if (id >= 0) this.pump();
    return id;
  }

  /**
   * Subscribes to filters; `granted` has 0, 1 or 128 (refused) for each. Ends with an error when the
   * connection is lost meanwhile: subscribe again in `onOnline`. May call `done` before it returns.
   */
  subscribe(
    filters: string[],
    qos: 0 | 1,
    done: (error: MqttError | null, granted: number[]) => void,
  ): void {
    const bytes = filtersToBytes(filters);
    const code = bytes
      ? this.session.subscribe(bytes, qos, (error, codes) => {
          const granted: number[] = [];
          for (let i = 0; i < codes.length; i++) granted.push(codes.charCodeAt(i));
          done(error, granted);
        })
      : -BAD_TOPIC;
    if (code < 0) done(mqttError(-code), []);
    else this.pump();
  }

  /** As `subscribe`. */
  unsubscribe(filters: string[], done: (error: MqttError | null) => void): void {
    const bytes = filtersToBytes(filters);
    const code = bytes ? this.session.unsubscribe(bytes, done) : -BAD_TOPIC;
    if (code < 0) done(mqttError(-code));
    else this.pump();
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
    this.dialBy = this.clock.now() + DIAL_TIME;
    this.tickTimer = setTimeout(this.onTick, TICK);
  }

  onOpen(): void {
    this.session.open(this.clock.now());
    this.pump();
  }

  onData(bytes: string): void {
    const connection = this.connection;
    const reader = this.reader;
    const now = this.clock.now();
    reader.push(bytes);
    let type = reader.next();
    while (type > 0) {
      let code = 0;
      try {
        code = this.session.receive(type, reader, now);
        if (!this.isOnline && this.session.state === ONLINE) this.online();
      } catch (error) {
        throwLater(error);
      }
      // A callback may have given up the connection.
      if (connection !== this.connection) return;
      if (code) {
        this.lost(mqttError(code));
        return;
      }
      type = reader.next();
    }
    // A long one would stay until the next comes.
    reader.payload = "";
    if (type < 0) this.lost(mqttError(-type));
    else this.pump();
  }

  onDrain(): void {
    // After DISCONNECT the close that follows ends the stop.
    if (this.session.state === CLOSED && this.connection) this.connection.end();
    else this.pump();
  }

  onClose(reason: string): void {
    this.lost(mqttError(CONNECTION_CLOSED, reason));
  }

  private online(): void {
    this.isOnline = true;
    this.onlineAt = this.clock.now();
    this.events.onOnline(this.session.sessionPresent);
  }

  /** Writes the next bytes if the last ones are gone. */
  private pump(): void {
    const connection = this.connection;
    if (!connection || connection.busy) return;
    // Set first, for a callback in `next` may publish.
    connection.busy = 1;
    const bytes = this.session.next(this.clock.now());
    if (connection !== this.connection) return;
    if (!bytes) {
      connection.busy = 0;
      return;
    }
    const fault = connection.write(bytes);
    if (fault) this.lost(mqttError(CONNECTION_CLOSED, fault));
  }

  private readonly onTick = (): void => {
    this.tickTimer = 0;
    if (!this.connection) return;
    const now = this.clock.now();
    let code = this.session.check(now);
    if (this.session.state === IDLE && now >= this.dialBy) code = DIAL_FAILED;
    if (code) {
      this.lost(mqttError(code));
      return;
    }
    if (this.isOnline && now - this.onlineAt >= STABLE_TIME) this.backoff.reset();
    this.tickTimer = setTimeout(this.onTick, TICK);
    this.pump();
  };

  /** Ends the connection or the attempt; what follows depends on whether the application stopped it. */
  private lost(error: MqttError): void {
    const stopped = !this.running;
    const connection = this.connection;
    const end = stopped ? mqttError(DISCONNECTED) : error;
    this.connection = null;
    if (connection) connection.close();
    this.isOnline = false;
    if (this.tickTimer) clearTimeout(this.tickTimer);
    this.tickTimer = 0;
    end.retryIn = 0;
    if (!stopped) {
      this.stats.reconnects++;
      end.retryIn = this.backoff.next(error.code, (this.options.random || Math.random)());
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
