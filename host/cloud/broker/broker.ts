/**
 * The MQTT side of the platform: devices log on, publish and get messages, by Alibaba's rules
 * (help.aliyun.com/document_detail/30540.html). Devices never reach one another: what a device
 * publishes goes to the platform alone, and the platform addresses one device at a time.
 * @module
 */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Aedes, type AedesOptions, type Client } from "aedes";
import type { Credentials, Grant, LogOnLimits, Refusal } from "../auth/log-on.ts";
import { checkLogOn } from "../auth/log-on.ts";
import { OFFLINE_QUEUE_MAX } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { Trace } from "../trace.ts";
import type { Message } from "./message.ts";
import { NO_AUTHORIZATION, publishRefusal, subscribeRefusal } from "./permission.ts";
import { Session } from "./session.ts";
import type { TopicClass } from "./topic.ts";

/** What became of a message to a device. */
export type Delivery = "sent" | "stored" | "not subscribed" | "offline" | "queue full";

export interface BrokerOptions {
  lookUp(device: DeviceId): Promise<Credentials | undefined>;
  topicClasses(productKey: string): readonly TopicClass[];
  trace: Trace;
  limits?: LogOnLimits | undefined;
  /** Whether a publish without permission also closes the connection; by default it is dropped. */
  closeOnForbiddenPublish?: boolean | undefined;
}

interface BrokerEvents {
  publish: [device: DeviceId, message: Message, note: string | undefined];
  online: [device: DeviceId, address: string];
  offline: [device: DeviceId];
}

/** What a connection turned out to be, from CONNECT on. */
interface Connection {
  verdict: Promise<Grant | Refusal>;
  clientId: string;
  username: string;
  clean: boolean;
  grant?: Grant;
  /** Settles when CONNACK has gone out: nothing may go before it. */
  ready: Promise<void>;
  answered(): void;
  /** Why it ends, if the platform knows better than "connection lost". */
  reason?: string;
}

/** The part of aedes' persistence that takes messages for a client which is away. */
interface OfflineQueue {
  outgoingEnqueue(client: { clientId: string }, packet: object): Promise<void>;
}

/** Where aedes routes what devices publish: nobody can subscribe to it. */
const SINK = "$ali/sink";

export class Broker extends EventEmitter<BrokerEvents> {
  readonly #options: BrokerOptions;
  readonly #aedes: Aedes;
  #stored = 0;
  readonly #connections = new WeakMap<Client, Connection>();
  readonly #sessions = new Map<string, Session>();

  private constructor(options: BrokerOptions) {
    super();
    this.#options = options;
    this.#aedes = new Aedes({
      maxClientsIdLength: 256,
      ...this.#rules(),
    });
    // Online before CONNACK goes out: who sees the CONNACK finds the device online.
    this.#aedes.on("client", (client) => this.#begin(client));
    this.#aedes.on("connackSent", (_packet, client) => {
      this.#connections.get(client)?.answered();
    });
    this.#aedes.on("keepaliveTimeout", (client) => {
      this.#note(client, "keepalive timeout");
    });
    this.#aedes.on("clientError", (client, error) => this.#note(client, error.message));
    this.#aedes.on("clientDisconnect", (client) => this.#end(client));
    this.#aedes.on("unsubscribe", (filters, client) => {
      const session = this.#sessionOf(client);
      if (session?.client === client && !client.closed) {
        for (const filter of filters) session.filters.delete(filter);
      }
    });
  }

  static async start(options: BrokerOptions): Promise<Broker> {
    const broker = new Broker(options);
    await broker.#aedes.listen();
    return broker;
  }

  /** Serves a TCP or TLS connection. */
  readonly accept = (socket: Socket): void => {
    this.#aedes.handle(socket);
  };

  session(device: DeviceId): Session | undefined {
    return this.#sessions.get(deviceKey(device));
  }

  /** Sends to one device; with QoS 1 and clean session 0 also to one that is away. */
  async send(device: DeviceId, message: Message): Promise<Delivery> {
    const session = this.session(device);
    if (!session) return "offline";
    if (!session.receives(message.topic)) return session.online ? "not subscribed" : "offline";
    const packet = { cmd: "publish" as const, ...message, dup: false, retain: false };
    if (session.client) {
      await this.#connections.get(session.client)?.ready;
    }
    if (session.client) {
      // A failing write ends the connection, which is noticed elsewhere.
      session.client.publish(packet, () => {});
      return "sent";
    }
    if (session.clean || message.qos === 0) return "offline";
    if (session.waiting >= OFFLINE_QUEUE_MAX) return "queue full";
    session.waiting++;
    // aedes tells stored packets apart by these two.
    const stored = { ...packet, brokerId: "platform", brokerCounter: ++this.#stored };
    const { persistence } = this.#aedes as Aedes & { persistence: OfflineQueue };
    await persistence.outgoingEnqueue({ clientId: deviceKey(device) }, stored);
    return "stored";
  }

  /** Cuts a device's connection. */
  async disconnect(device: DeviceId, reason: string): Promise<void> {
    const client = this.session(device)?.client;
    if (!client) return;
    this.#note(client, reason);
    await new Promise<void>((resolve) => client.close(resolve));
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  #rules(): AedesOptions {
    return {
      preConnect: (client, packet, callback) => {
        const tls = (client.conn as TLSSocket).encrypted === true;
        const username = packet.username ?? "";
        const verdict = checkLogOn(
          {
            clientId: packet.clientId,
            username: packet.username,
            password: packet.password?.toString(),
            keepalive: packet.keepalive ?? 0,
            tls,
          },
          this.#options.lookUp,
          this.#options.limits,
        );
        const clean = packet.clean ?? true;
        const { clientId } = packet;
        this.#connections.set(client, { verdict, clientId, username, clean, ...latch() });
        verdict.then(
          (result) => {
            // One session and one connection per device, whatever it calls itself.
            packet.clientId = result.code === 0 ? deviceKey(result.device) : packet.clientId || "?";
            if (result.code === 0) packet.keepalive = result.keepalive;
            // A will is not offered.
            delete packet.will;
            callback(null, true);
          },
          (error) => callback(error as Error, false),
        );
      },
      authenticate: (client, _username, _password, done) => {
        this.#authenticate(client).then(
          (refusal) => done(refusal, refusal === null),
          () => done(Object.assign(new Error("server unavailable"), { returnCode: 3 }), false),
        );
      },
      authorizePublish: (client, packet, done) => {
        if (!client) return done();
        const session = this.#sessionOf(client);
        if (!session) return done(new Error("not logged on"));
        if (packet.qos === 2) return done(new Error("QoS 2 is not supported"));
        const message = {
          topic: packet.topic,
          payload: Buffer.from(packet.payload),
          qos: packet.qos,
        };
        const retained = packet.retain;
        packet.topic = SINK;
        packet.retain = false;
        this.#published(session.device, message, retained, done);
      },
      authorizeSubscribe: (client, subscription, done) => {
        const session = this.#sessionOf(client);
        if (!session) return done(new Error("not logged on"));
        const { topicClasses, trace } = this.#options;
        const { topic: filter, qos } = subscription;
        const { device } = session;
        const reason = subscribeRefusal(session, filter, qos, topicClasses(device.productKey));
        const granted = reason === undefined;
        const why = granted ? {} : { reason };
        trace.emit("subscription", { at: Date.now(), device, filter, granted, ...why });
        if (!granted) return done(null, null);
        session.filters.add(filter);
        // The QoS of a subscription is ignored: messages come with their publisher's QoS.
        subscription.qos = 1;
        done(null, subscription);
      },
    };
  }

  async #authenticate(client: Client): Promise<(Error & { returnCode: number }) | null> {
    const connection = this.#connections.get(client) as Connection;
    const verdict = await connection.verdict;
    if (verdict.code !== 0) {
      const { clientId, username } = connection;
      this.#options.trace.emit("refusal", { at: Date.now(), clientId, username, ...verdict });
      return Object.assign(new Error(verdict.reason), { returnCode: verdict.code });
    }
    connection.grant = verdict;
    await this.disconnect(verdict.device, "logged on again elsewhere");
    return null;
  }

  #published(
    device: DeviceId,
    message: Message,
    retained: boolean,
    done: (error?: Error | null) => void,
  ): void {
    const { topicClasses, closeOnForbiddenPublish, trace } = this.#options;
    const refusal = publishRefusal(device, message, topicClasses(device.productKey));
    if (refusal !== undefined) {
      const note = `${refusal}; dropped`;
      trace.emit("message", { at: Date.now(), device, direction: "up", ...message, note });
      const close = closeOnForbiddenPublish && refusal === NO_AUTHORIZATION;
      done(close ? new Error(refusal) : null);
      return;
    }
    done(null);
    this.emit("publish", device, message, retained ? "retain flag ignored" : undefined);
  }

  #begin(client: Client): void {
    const connection = this.#connections.get(client);
    const device = connection?.grant?.device;
    if (!connection?.grant || !device || client.closed) return;
    const session = this.#session(device);
    if (session.client) this.#end(session.client);
    const { remoteAddress: address = "", localAddress = "" } = client.conn as Socket;
    session.start(client, connection.grant, connection.clean, { address, localAddress });
    this.#options.trace.emit("status", { at: Date.now(), device, online: true });
    this.emit("online", device, address);
  }

  #end(client: Client): void {
    const connection = this.#connections.get(client);
    const session = this.#sessionOf(client);
    if (!connection || !session || session.client !== client) return;
    session.client = undefined;
    connection.answered();
    // aedes has no event for DISCONNECT, only this mark.
    const said = (client as Client & { _disconnected?: boolean })._disconnected;
    const reason = connection.reason ?? (said ? "disconnected by the device" : "connection lost");
    const { device } = session;
    this.#options.trace.emit("status", { at: Date.now(), device, online: false, reason });
    this.emit("offline", device);
  }

  #note(client: Client, reason: string): void {
    const connection = this.#connections.get(client);
    if (connection) connection.reason ??= reason;
  }

  #sessionOf(client: Client): Session | undefined {
    const device = this.#connections.get(client)?.grant?.device;
    return device && this.#session(device);
  }

  #session(device: DeviceId): Session {
    const key = deviceKey(device);
    let session = this.#sessions.get(key);
    if (!session) {
      session = new Session(device);
      this.#sessions.set(key, session);
    }
    return session;
  }
}

function latch(): Pick<Connection, "ready" | "answered"> {
  let answered = () => {};
  const ready = new Promise<void>((resolve) => {
    answered = resolve;
  });
  return { ready, answered };
}
