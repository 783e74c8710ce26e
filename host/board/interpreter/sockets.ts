/**
 * Sockets as scripts see them, over a polled network: 536 bytes a turn each way, `write` always
 * false, a reset indistinguishable from a close.
 * @module
 */
import { outOfMemory } from "./aborts.ts";
import type { Core } from "./core.ts";
import { type NetworkDriver, socketErrors, type TlsOptions } from "./host.ts";
import type { Value } from "./realm.ts";
import { errorTexts } from "./socket-errors.ts";
import { tlsDriver } from "./tls-driver.ts";

/** Share of the JsVars that a queue can take before nothing else works. */
const usableShare = 0.8;

/** Bytes moved a turn in each direction. */
export const chunkBytes = 536;

const unsentData = -8;
const noResponse = -15;

/** One connection; `http` replaces how received bytes are understood. */
export interface Connection {
  id: number;
  type: number;
  /** The object that `write`, `connect`, `drain`, `error` belong to. */
  request: Value;
  /** The object that `data`, `end`, `close` belong to. */
  reader: Value;
  pending: string;
  received: string;
  wantsClose: boolean;
  connected: boolean;
  ended: boolean;
  isServer: boolean;
  /** Takes what was received; answers whether more must come before the socket may close. */
  protocol?: {
    receive(connection: Connection): void;
    expectsMore(connection: Connection): boolean;
    hadHeaders: boolean;
  };
}

interface Listener {
  id: number;
  type: number;
  server: Value;
  accept(id: number): void;
}

/** The sockets of one run of the interpreter. */
export class Sockets {
  /** The board's own network. */
  readonly own: NetworkDriver;
  /** The network in use, which a script may change at any time; undefined: none. */
  choose: () => NetworkDriver | undefined;
  private connections: Connection[] = [];
  private listeners: Listener[] = [];

  constructor(
    private readonly core: Core,
    network: NetworkDriver,
  ) {
    this.own = this.withTls(network);
    this.choose = () => this.own;
    core.idleTasks.push(() => this.idle());
    core.killTasks.push(() => this.closeAll());
  }

  /** The objects of all sockets but those of an HTTP server. */
  get clients(): Value[] {
    return this.connections
      .filter(({ isServer, protocol }) => !isServer || protocol === undefined)
      .map(({ request }) => request);
  }

  withTls(network: NetworkDriver): NetworkDriver {
    const { host, realm } = this.core;
    return tlsDriver(
      network,
      (options) =>
        host.secure?.(options) ??
        realm.throw("Error", "the virtual board does not model TLS with a driven clock"),
    );
  }

  /** Whether nothing but asking tells what a socket does. */
  get isPolled(): boolean {
    return this.choose()?.isPolled === true && this.connections.length + this.listeners.length > 0;
  }

  /**
   * Opens a connection; blocks.
   * @throws InternalError with the interpreter's text
   */
  connect(
    connection: Omit<Connection, "id">,
    host: string,
    port: number,
    tls?: TlsOptions,
    given: Value = connection.request.opt,
  ): Connection {
    const id = this.open(host, port, connection.type, tls, given);
    const made = { ...connection, id };
    this.connections.push(made);
    return made;
  }

  private open(
    host: string | undefined,
    port: number,
    type: number,
    tls?: TlsOptions,
    given?: Value,
  ): number {
    const { core } = this;
    const driver = this.choose();
    if (!driver) return core.realm.throw("InternalError", "Not connected to the internet");
    const result = driver.create(host, port, type, tls, given);
    if (typeof result === "number") {
      if (result >= 0) return result;
    } else if (result.reason === "unknown-host") {
      core.realm.throw("InternalError", "Unable to locate host");
    } else {
      core.print(`ERROR: Connect failed (err ${result.errno})\n`);
    }
    return core.realm.throw("InternalError", "Unable to create socket");
  }

  listen(server: Value, port: number, type: number, accept: (id: number) => void): void {
    const id = this.open(undefined, port, type);
    this.listeners.push({ id, type, server, accept });
  }

  stopListening(server: Value): void {
    for (const listener of this.listeners)
      if (listener.server === server) this.choose()?.close(listener.id);
    this.listeners = this.listeners.filter((listener) => listener.server !== server);
  }

  /** Adds a connection that a listener accepted. */
  adopt(connection: Connection): void {
    this.connections.push(connection);
  }

  find(request: Value): Connection | undefined {
    return this.connections.find((connection) => connection.request === request);
  }

  write(connection: Connection | undefined, data: Value): boolean {
    if (!connection || connection.wantsClose)
      return this.core.realm.throw("Error", "This socket is closed");
    // Text as the script has it: an array of bytes would go out as its digits.
    const text = this.core.text(data);
    connection.pending += Buffer.from(this.core.bytes(text)).toString("latin1");
    this.account();
    return false;
  }

  /** What waits to be sent is held in JsVars; there is no limit but their number. */
  private account(): void {
    const { total, bytes } = this.core.board.machine.jsVars;
    if (total === 0) return;
    const waiting = this.connections.reduce((sum, { pending }) => sum + pending.length, 0);
    if (waiting > total * (bytes - 2) * usableShare) throw outOfMemory();
  }

  /** One turn of all sockets; true when something moved. */
  private idle(): boolean {
    let busy = false;
    // Looked up once for all sockets, whatever their callbacks change.
    const driver = this.choose();
    if (!driver) return false;
    for (const listener of [...this.listeners]) {
      const id = driver.accept(listener.id);
      if (id < 0) continue;
      busy = true;
      listener.accept(id);
    }
    for (const connection of [...this.connections]) if (this.turn(connection, driver)) busy = true;
    return busy;
  }

  private turn(connection: Connection, driver: NetworkDriver): boolean {
    const { core } = this;
    let closing = false;
    let error = 0;
    let moved = false;
    this.deliver(connection, false);
    // A variable of the interpreter's own, which a script can set all the same.
    if (connection.request.clsNow) {
      this.finish(connection, driver, 0);
      return true;
    }
    if (connection.pending !== "") {
      const part = connection.pending.slice(0, chunkBytes);
      const sent = driver.send(connection.id, part, connection.type);
      if (sent < 0) {
        closing = true;
        error = sent;
      } else if (sent > 0) {
        moved = true;
        connection.pending = connection.pending.slice(sent);
        if (connection.pending === "" && !connection.wantsClose)
          core.emit(connection.request, "drain", connection.request);
        this.becomeConnected(connection);
      }
    } else {
      if (connection.wantsClose) closing = true;
      if (connection.protocol) {
        if (connection.protocol.expectsMore(connection)) closing = false;
        else this.end(connection);
      }
    }
    const received = driver.receive(connection.id, chunkBytes, connection.type);
    if (typeof received === "number") {
      if (connection.connected || received !== socketErrors.notConnected) {
        closing = true;
        error = received;
        if (connection.protocol && received === socketErrors.closed)
          error = !connection.protocol.hadHeaders
            ? noResponse
            : connection.protocol.expectsMore(connection)
              ? received
              : 0;
      }
    } else {
      const fresh = !connection.connected;
      this.becomeConnected(connection);
      if (fresh && !connection.protocol && connection.pending === "" && !connection.isServer)
        core.emit(connection.request, "drain", connection.request);
      if (received !== "") {
        moved = true;
        connection.received += received;
        this.understand(connection);
      }
    }
    if (closing && !(connection.isServer && moved)) {
      this.finish(connection, driver, error);
      return true;
    }
    return moved;
  }

  private becomeConnected(connection: Connection): void {
    if (connection.connected || connection.protocol) return;
    connection.connected = true;
    if (!connection.isServer) this.core.emit(connection.request, "connect", connection.request);
  }

  private understand(connection: Connection): void {
    if (!connection.protocol) this.deliver(connection, false);
    else if (!connection.protocol.hadHeaders) connection.protocol.receive(connection);
  }

  private deliver(connection: Connection, force: boolean): void {
    if (connection.received === "") return;
    if (connection.protocol) {
      if (connection.protocol.hadHeaders) connection.protocol.receive(connection);
      return;
    }
    if (this.core.streams.push(connection.reader, connection.received, force))
      connection.received = "";
  }

  private end(connection: Connection): void {
    if (connection.ended) return;
    connection.ended = true;
    this.core.emit(connection.reader, "end");
  }

  private finish(connection: Connection, driver: NetworkDriver, error: number): void {
    const { core } = this;
    this.deliver(connection, true);
    if (connection.pending !== "" && error === socketErrors.closed) error = unsentData;
    const failure = driver.failure?.(connection.id);
    driver.close(connection.id);
    this.connections = this.connections.filter((other) => other !== connection);
    const failed = error < 0 && error !== socketErrors.closed;
    if (failed)
      core.emit(connection.request, "error", {
        code: error,
        message: errorTexts[error] ?? "unknown error",
      });
    this.end(connection);
    core.emit(connection.reader, "close", failed);
    if (connection.isServer && connection.request !== connection.reader)
      core.emit(connection.request, "close", failed);
    if (failure === undefined) return;
    // It is known once the events of this turn are done.
    const { realm } = core;
    const report = realm.fn(() => core.report(realm.makeError("InternalError", failure)));
    core.queue(report, realm.global, []);
  }

  private closeAll(): void {
    const driver = this.choose();
    for (const { id } of [...this.connections, ...this.listeners]) driver?.close(id);
    this.connections = [];
    this.listeners = [];
  }
}
