/**
 * The worker's side of the network: sockets that live in the main thread, polled here.
 * @module
 */

import { toByteString } from "../interpreter/bytes.ts";
import type { ConnectFailure, NetworkDriver } from "../interpreter/host.ts";
import { socketErrors } from "../interpreter/host.ts";
import type { FromWorker, Request, ToWorker } from "./messages.ts";

/** Bytes that may be on the way to the main thread before `send` takes no more. */
const windowBytes = 65536;

interface Socket {
  received: string;
  outstanding: number;
  closed: boolean;
  accepted: number[];
}

/** Sockets behind a message port. */
export class PortDriver implements NetworkDriver {
  private nextId = 0;
  private readonly sockets = new Map<number, Socket>();

  constructor(
    private readonly post: (message: FromWorker) => void,
    private readonly ask: (request: Request) => unknown,
  ) {}

  create(host: string | undefined, port: number): number | ConnectFailure {
    const id = this.nextId++;
    const result = this.ask(
      host === undefined ? { kind: "listen", id, port } : { kind: "connect", id, host, port },
    );
    if (result !== undefined) return result as ConnectFailure;
    this.sockets.set(id, empty());
    return id;
  }

  receive(id: number, max: number): string | number {
    const socket = this.sockets.get(id);
    if (!socket) return socketErrors.closed;
    if (socket.received === "") return socket.closed ? socketErrors.closed : "";
    const part = socket.received.slice(0, max);
    socket.received = socket.received.slice(part.length);
    this.post({ kind: "socket-taken", id, count: part.length });
    return part;
  }

  send(id: number, bytes: string): number {
    const socket = this.sockets.get(id);
    if (!socket || socket.closed) return socketErrors.closed;
    if (socket.outstanding + bytes.length > windowBytes) return 0;
    socket.outstanding += bytes.length;
    this.post({ kind: "socket-send", id, bytes: Buffer.from(bytes, "latin1") });
    return bytes.length;
  }

  close(id: number): void {
    if (this.sockets.delete(id)) this.post({ kind: "socket-close", id });
  }

  accept(id: number): number {
    return this.sockets.get(id)?.accepted.shift() ?? -1;
  }

  /** Closes everything, as a loss of power does. */
  closeAll(): void {
    for (const id of [...this.sockets.keys()]) this.close(id);
  }

  /** Takes a message about a socket; others are left alone. */
  hear(message: ToWorker): void {
    if (message.kind === "socket-accepted") {
      const listener = this.sockets.get(message.listener);
      if (!listener) {
        this.post({ kind: "socket-close", id: message.id });
        return;
      }
      this.sockets.set(message.id, empty());
      listener.accepted.push(message.id);
      return;
    }
    if (!("id" in message)) return;
    const socket = this.sockets.get(message.id);
    if (!socket) return;
    if (message.kind === "socket-data") socket.received += toByteString(message.bytes);
    if (message.kind === "socket-sent") socket.outstanding -= message.count;
    if (message.kind === "socket-closed") socket.closed = true;
  }
}

function empty(): Socket {
  return { received: "", outstanding: 0, closed: false, accepted: [] };
}
