/**
 * The MQTT 3.1.1 client of the firmware: the session on a socket, with timers and reconnects.
 * @module
 */
import { Connection, textOf } from "../link/connection.ts";
import { toBytes } from "../text/utf8.ts";
import { Backoff, DEFAULT_BACKOFF, STABLE_TIME } from "./backoff.ts";
import { Clock } from "./clock.ts";
import { check, due, quietUntil } from "./deadlines.ts";
import {
  BAD_TOPIC,
  DIAL_FAILED,
  DISCONNECTED,
  LINK_DOWN,
  type MqttError,
  mqttError,
  NOT_OFFERED,
} from "./error.ts";
import { throwLater } from "./fault.ts";
import type { MqttEvents, MqttOptions } from "./options.ts";
import type { PublishDone } from "./outbox.ts";
import { IDLE } from "./phases.ts";
import { UNSUBSCRIBE } from "./requests.ts";
import { Session } from "./session.ts";
import { filtersToBytes } from "./topic.ts";
import type { Owner } from "./wire.ts";

export type { MqttError } from "./error.ts";
export type { MqttEvents, MqttOptions, MqttStats } from "./options.ts";

/** A look that comes later than this, s, waits a second: first what has arrived is to be read. */
const LATE = 2;
/** Seconds for the stream to open, where `dial` does not block until it is. */
const DIAL_TIME = 60;
/** Milliseconds that `stop()` waits for what is under way. */
const STOP_TIME = 5000;

export class MqttClient implements Owner {
  isOnline = false;
  readonly session: Session;
  private readonly backoff: Backoff;
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
    this.session = new Session(options, events, this, this.clock, throwLater);
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
  }

  /** As `session.publish`, for text, which is sent as UTF-8. */
  publishText(topic: string, payload: string, qos: 0 | 1, done?: PublishDone): number {
    return this.session.publish(toBytes(topic), toBytes(payload), qos, done);
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
  }

  /** As `subscribe`. @brief */
  unsubscribe(filters: string[], done: (error: MqttError | null) => void): void {
    const bytes = filtersToBytes(filters);
    const code = bytes ? this.session.subscribeTo(bytes, UNSUBSCRIBE, done) : -BAD_TOPIC;
    if (code < 0) done(mqttError(-code));
  }

  /** The link went down (the connection is given up) or came up (an attempt is made at once). */
  linkChanged(up: boolean): void {
    if (up === this.linkIsUp) return;
    this.linkIsUp = up;
    if (!this.running) return;
    if (up) {
      if (!this.session.connection) this.retryIn(0);
    } else {
      if (this.session.connection) this.lost(mqttError(LINK_DOWN));
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
    const session = this.session;
    if (session.connection || !this.linkIsUp) return;
    const connection = new Connection(session);
    try {
      connection.open(this.options);
    } catch (error) {
      this.lost(mqttError(DIAL_FAILED, textOf(error)));
      return;
    }
    session.connection = connection;
    // Not before `dial`, which may have blocked.
    const now = this.clock.now();
    this.dialBy = now + DIAL_TIME;
    this.arm(now);
  }

  // --- what the session tells ---

  /** @internal @brief */
  loggedOn(): void {
    this.isOnline = true;
    this.onlineAt = this.clock.now();
    this.events.onOnline(this.session.sessionPresent);
  }

  /** Sets the timer for the next deadline. @internal @rare */
  arm(now: number): void {
    const session = this.session;
    const at = session.phase === IDLE ? this.dialBy : due(session, now);
    this.tickIn(Math.max(1, at - now), now);
  }

  private tickIn(seconds: number, now: number): void {
    if (this.tickTimer) clearTimeout(this.tickTimer);
    this.session.lookBy = now + seconds;
    this.clock.expect(seconds);
    this.tickTimer = setTimeout(this.onTick, seconds * 1000);
  }

  private readonly onTick = (): void => {
    this.tickTimer = 0;
    const session = this.session;
    if (!session.connection) return;
    const now = this.clock.reach(session.lookBy);
    if (now > session.lookBy + LATE) {
      this.tickIn(1, now);
      return;
    }
    // As most: all that was sent has been acknowledged.
    const quiet = quietUntil(session, now);
    if (quiet > now) {
      this.tickIn(quiet - now, now);
      return;
    }
    let code = check(session, now);
    if (session.phase === IDLE && now >= this.dialBy) code = DIAL_FAILED;
    if (code) {
      this.lost(mqttError(code));
      return;
    }
    this.arm(now);
    session.flush(now);
  };

  /**
   * Ends the connection or the attempt; what follows depends on whether the application stopped it.
   * @internal @brief
   */
  lost(error: MqttError): void {
    const stopped = !this.running;
    const connection = this.session.connection;
    const end = stopped ? mqttError(DISCONNECTED) : error;
    if (this.isOnline && this.clock.now() - this.onlineAt >= STABLE_TIME) this.backoff.reset();
    this.session.connection = null;
    if (connection) connection.close();
    this.isOnline = false;
    if (this.tickTimer) clearTimeout(this.tickTimer);
    this.tickTimer = 0;
    end.retryIn = 0;
    if (!stopped) {
      this.session.counts.reconnects++;
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
