/**
 * The MQTT side of the platform: devices log on, publish and get messages, by Alibaba's rules
 * (help.aliyun.com/document_detail/30540.html). Devices never reach one another: what a device
 * publishes goes to the platform alone, and the platform addresses one device at a time.
 * @module
 */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Aedes, AedesOptions, Client } from "aedes";
import { checkLogOn } from "../auth/log-on.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import { Connection, logOnRequest } from "./connection.ts";
import { type Message, packetOf } from "./message.ts";
import { OfflineQueue } from "./offline-queue.ts";
import { OneWayAedes } from "./one-way.ts";
import type { BrokerEvents, BrokerOptions, Delivery } from "./options.ts";
import { holdOutput, releaseOutput } from "./output.ts";
import { NO_AUTHORIZATION, publishRefusal, subscribeRefusal } from "./permission.ts";
import type { Session, SessionGrant } from "./session.ts";
import { Sessions } from "./sessions.ts";
import { ownerOf } from "./topic.ts";

export type { BrokerOptions, Delivery } from "./options.ts";

export class Broker extends EventEmitter<BrokerEvents> {
  readonly #options: BrokerOptions;
  readonly #aedes: Aedes;
  readonly #away: OfflineQueue;
  readonly #connections = new WeakMap<Client, Connection>();
  readonly #sessions = new Sessions();
  #registrations = 0;

  private constructor(options: BrokerOptions) {
    super();
    this.#options = options;
    this.#aedes = new OneWayAedes({ maxClientsIdLength: 256, ...this.#rules() });
    this.#away = new OfflineQueue(this.#aedes);
    // Online before CONNACK goes out: who sees the CONNACK finds the device online.
    this.#aedes.on("client", (client) => this.#begin(client));
    this.#aedes.on("connackSent", (_packet, client) =>
      this.#connections.get(client)?.greet(client),
    );
    this.#aedes.on("keepaliveTimeout", (client) => this.#note(client, "keepalive timeout"));
    this.#aedes.on("clientError", (client, error) => this.#note(client, error.message));
    this.#aedes.on("clientDisconnect", (client) => this.#end(client));
    this.#aedes.on("unsubscribe", (filters, client) => {
      for (const filter of client.closed ? [] : filters) {
        const session = this.#speaker(client, filter);
        if (session?.client === client) session.filters.delete(filter);
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
    return this.#sessions.get(device);
  }

  /** Sends to one device; with QoS 1 and clean session 0 also to one that is away. */
  async send(device: DeviceId, message: Message): Promise<Delivery> {
    const session = this.session(device);
    if (!session) return "offline";
    if (!session.receives(message.topic)) return session.online ? "not subscribed" : "offline";
    const connection = session.client && this.#connections.get(session.client);
    if (connection && !connection.isAnswered) await connection.ready;
    if (!session.client) return this.#away.keep(session, message);
    // A failing write ends the connection, which is noticed elsewhere.
    session.client.publish(packetOf(message), () => {});
    return "sent";
  }

  /** Cuts a device's connection; a sub-device just goes offline. */
  async disconnect(device: DeviceId, reason: string): Promise<void> {
    const session = this.session(device);
    const client = session?.client;
    if (!client) return;
    if (session.gateway) {
      this.#offline(session, reason);
      return;
    }
    this.#note(client, reason);
    releaseOutput(client.conn);
    await new Promise<void>((resolve) => client.close(resolve));
  }

  /**
   * Brings a sub-device online through its gateway's connection, and offline wherever it was
   * before; false when the gateway is away.
   */
  async attach(
    device: DeviceId,
    gateway: DeviceId,
    grant: SessionGrant & { clean: boolean },
  ): Promise<boolean> {
    await this.#displace(device, gateway);
    const through = this.session(gateway);
    if (!through?.client || through.gateway) return false;
    const session = this.#sessions.of(device);
    const { client } = through;
    session.start(client, grant, grant.clean, through, gateway);
    this.#sessions.join(session, client);
    this.#online(session);
    for (const message of session.held.splice(0)) client.publish(packetOf(message), () => {});
    return true;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  #rules(): AedesOptions {
    return {
      preConnect: (client, packet, callback) => {
        const { access, lookUp, limits, showsCertificate } = this.#options;
        const socket = client.conn as TLSSocket;
        const request = logOnRequest(packet, socket, showsCertificate?.(socket) === true);
        const verdict = checkLogOn(request, lookUp, limits, access);
        this.#connections.set(client, new Connection(verdict, packet));
        verdict.then(
          (result) => {
            // One session and one connection per device, whatever it calls itself; none to register.
            if (result.code !== 0) packet.clientId ||= "?";
            else if (result.device) packet.clientId = deviceKey(result.device);
            else packet.clientId = `registration ${++this.#registrations}`;
            if (result.code === 0) packet.keepalive = result.keepalive ?? 0;
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
          payload: Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload),
          qos: packet.qos,
        };
        this.#published(client, message, packet.retain, done);
      },
      authorizeSubscribe: (client, subscription, done) => {
        const { topic: filter, qos } = subscription;
        const session = this.#speaker(client, filter);
        if (!session) return done(new Error("not logged on"));
        const { topicClasses, trace } = this.#options;
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
    if (verdict.greeting) connection.greeting = verdict.greeting;
    if (!verdict.device) return null;
    connection.grant = verdict;
    await this.#displace(verdict.device);
    return null;
  }

  #published(
    client: Client,
    message: Message,
    retained: boolean,
    done: (error?: Error | null) => void,
  ): void {
    const { device } = this.#speaker(client, message.topic) as Session;
    const { topicClasses, closeOnForbiddenPublish, trace } = this.#options;
    const refusal = publishRefusal(device, message, topicClasses(device.productKey));
    if (refusal !== undefined) {
      const note = `${refusal}; dropped`;
      trace.emit("message", { at: Date.now(), device, direction: "up", ...message, note });
      const close = closeOnForbiddenPublish && refusal === NO_AUTHORIZATION;
      done(close ? new Error(refusal) : null);
      const owner = ownerOf(message.topic);
      if (owner && deviceKey(owner) !== deviceKey(device)) {
        this.emit("stranger", device, owner, message);
      }
      return;
    }
    const taken = () => {
      if (client.closed) return;
      holdOutput(client.conn);
      done(null);
    };
    this.emit("publish", device, message, retained ? "retain flag ignored" : undefined, taken);
  }

  #begin(client: Client): void {
    const connection = this.#connections.get(client);
    const device = connection?.grant?.device;
    if (!connection?.grant || !device || client.closed) return;
    const session = this.#sessions.of(device);
    if (session.client) this.#end(session.client);
    const { remoteAddress: address = "", localAddress = "" } = client.conn as Socket;
    session.start(client, connection.grant, connection.clean, { address, localAddress });
    this.#online(session);
  }

  #end(client: Client): void {
    const connection = this.#connections.get(client);
    const own = this.#sessionOf(client);
    if (!connection || !own || own.client !== client) return;
    connection.answered();
    // aedes has no event for DISCONNECT, only this mark.
    const said = (client as Client & { _disconnected?: boolean })._disconnected;
    const reason = connection.reason ?? (said ? "disconnected by the device" : "connection lost");
    for (const sub of this.#sessions.through(client)) this.#offline(sub, "gateway offline");
    this.#offline(own, reason);
  }

  #online(session: Session): void {
    const { device, address } = session;
    this.#options.trace.emit("status", { at: Date.now(), device, online: true });
    this.emit("online", device, address);
  }

  #offline(session: Session, reason: string): void {
    const { device } = session;
    this.#sessions.leave(session);
    session.client = undefined;
    this.#options.trace.emit("status", { at: Date.now(), device, online: false, reason });
    this.emit("offline", device);
  }

  /** Ends the connection of a device that comes anew, by itself or through a gateway. */
  async #displace(device: DeviceId, gateway?: DeviceId): Promise<void> {
    const session = this.session(device);
    const before = session?.online ? session.gateway : undefined;
    await this.disconnect(device, "logged on again elsewhere");
    const stays = before && gateway && deviceKey(before) === deviceKey(gateway);
    if (before && !stays) this.emit("displaced", device, before);
  }

  #note(client: Client, reason: string): void {
    const connection = this.#connections.get(client);
    if (connection) connection.reason ??= reason;
  }

  #sessionOf(client: Client): Session | undefined {
    const connection = this.#connections.get(client);
    const device = connection?.grant?.device;
    if (!device) return undefined;
    connection.session ??= this.#sessions.of(device);
    return connection.session;
  }

  /** Who uses a topic or filter on a connection: its device, or one of its sub-devices. */
  #speaker(client: Client, topic: string): Session | undefined {
    return this.#sessions.named(client, topic) ?? this.#sessionOf(client);
  }
}
