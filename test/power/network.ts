/**
 * A network without time or threads for a driven board: what a board sends is answered at once.
 * @module
 */
import type { NetworkDriver } from "../../host/board/interpreter/host.ts";

/** The server's side of one connection. */
export interface Peer {
  /** Bytes from the board. */
  receive(bytes: Buffer): void;
}

/** One connection as its server sees it. */
export interface Line {
  send(bytes: Uint8Array): void;
  end(): void;
}

/** Makes the server's side of a new connection. */
export type Server = (line: Line) => Peer;

interface Connection {
  port: number;
  peer: Peer;
  waiting: string;
  ended: boolean;
}

/** Result of `receive` at the end of a connection, the interpreter's own number. */
const CLOSED = -1;
const CONNECTION_REFUSED = 111;

/** Servers by port; all hosts are one. */
export class Network implements NetworkDriver {
  readonly #servers = new Map<number, Server>();
  readonly #connections = new Map<number, Connection>();
  readonly #cut = new Set<number>();
  #next = 0;

  serve(port: number, server: Server): void {
    this.#servers.set(port, server);
  }

  /** Cuts what a port's connections are on, and refuses new ones until `restore`. */
  cut(port: number): void {
    this.#cut.add(port);
    for (const connection of this.#connections.values()) {
      if (connection.port === port) connection.ended = true;
    }
  }

  restore(port: number): void {
    this.#cut.delete(port);
  }

  create(_host: string | undefined, port: number) {
    const server = this.#servers.get(port);
    if (!server || this.#cut.has(port))
      return { reason: "refused" as const, errno: CONNECTION_REFUSED };
    const id = this.#next++;
    const peer: Peer = { receive: () => {} };
    const connection: Connection = { port, peer, waiting: "", ended: false };
    connection.peer = server({
      send: (bytes) => {
        connection.waiting += Buffer.from(bytes).toString("latin1");
      },
      end: () => {
        connection.ended = true;
      },
    });
    this.#connections.set(id, connection);
    return id;
  }

  receive(id: number, max: number): string | number {
    const connection = this.#connections.get(id);
    if (!connection) return CLOSED;
    const bytes = connection.waiting.slice(0, max);
    connection.waiting = connection.waiting.slice(max);
    return bytes === "" && connection.ended ? CLOSED : bytes;
  }

  send(id: number, bytes: string): number {
    this.#connections.get(id)?.peer.receive(Buffer.from(bytes, "latin1"));
    return bytes.length;
  }

  close(id: number): void {
    this.#connections.delete(id);
  }

  accept(): number {
    return CLOSED;
  }

  /** All connections are gone, as when the board loses its power. */
  reset(): void {
    this.#connections.clear();
  }
}
