/**
 * The real sockets of a virtual board, in the main thread.
 * @module
 */
import { lookup } from "node:dns";
import { createServer, connect as netConnect, type Server, type Socket } from "node:net";
import type { ConnectFailure } from "./interpreter/host.ts";
import type { Request, ToWorker } from "./worker/messages.ts";

/** Bytes that may wait in the board before its peer is held up. */
const windowBytes = 16384;
const connectionRefused = 111;
const errorNumbers: Record<string, number> = {
  ECONNREFUSED: connectionRefused,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  EADDRINUSE: 98,
};

interface Open {
  socket: Socket;
  waiting: number;
}

/** Ids of accepted connections lie above those that the board gives. */
const acceptedIds = 1 << 20;

/** Sockets by the ids that the board gave them. */
export class SocketService {
  private readonly sockets = new Map<number, Open>();
  private readonly servers = new Map<number, Server>();
  private nextAccepted = acceptedIds;
  /** Counts losses of power: what is still being opened then must not live on. */
  private epoch = 0;

  constructor(private readonly post: (message: ToWorker) => void) {}

  /** Does what the board waits for; undefined is success. */
  async request(request: Request): Promise<ConnectFailure | string | undefined> {
    if (request.kind === "resolve") return (await resolveName(request.host)) ?? undefined;
    if (request.kind === "listen") return this.listen(request.id, request.port);
    return this.connect(request.id, request.host, request.port);
  }

  private async connect(
    id: number,
    host: string,
    port: number,
  ): Promise<ConnectFailure | undefined> {
    const { epoch } = this;
    const address = await resolveName(host);
    if (address === undefined) return { reason: "unknown-host", errno: 0 };
    if (!(port > 0 && port < 65536)) return { reason: "refused", errno: connectionRefused };
    return new Promise((resolve) => {
      const socket = netConnect({ host: address, port });
      socket.once("error", (error: NodeJS.ErrnoException) =>
        resolve({ reason: "refused", errno: errorNumbers[error.code ?? ""] ?? 5 }),
      );
      socket.once("connect", () => {
        socket.removeAllListeners("error");
        if (epoch !== this.epoch) {
          socket.destroy();
          resolve({ reason: "refused", errno: connectionRefused });
          return;
        }
        socket.setNoDelay(true);
        this.open(id, socket);
        resolve(undefined);
      });
    });
  }

  private listen(id: number, port: number): Promise<ConnectFailure | undefined> {
    const { epoch } = this;
    return new Promise((resolve) => {
      const server = createServer((socket) => {
        const accepted = this.nextAccepted++;
        this.post({ kind: "socket-accepted", listener: id, id: accepted });
        this.open(accepted, socket);
      });
      server.once("error", (error: NodeJS.ErrnoException) =>
        resolve({ reason: "refused", errno: errorNumbers[error.code ?? ""] ?? 5 }),
      );
      server.listen(port, "127.0.0.1", () => {
        if (epoch === this.epoch) this.servers.set(id, server);
        else server.close();
        resolve(undefined);
      });
    });
  }

  private open(id: number, socket: Socket): void {
    const open: Open = { socket, waiting: 0 };
    this.sockets.set(id, open);
    socket.on("data", (bytes: Buffer) => {
      open.waiting += bytes.length;
      if (open.waiting > windowBytes) socket.pause();
      this.post({ kind: "socket-data", id, bytes: new Uint8Array(bytes) });
    });
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      if (this.sockets.delete(id)) this.post({ kind: "socket-closed", id });
    });
  }

  send(id: number, bytes: Uint8Array): void {
    const open = this.sockets.get(id);
    open?.socket.write(bytes, () => this.post({ kind: "socket-sent", id, count: bytes.length }));
  }

  /** The board has read `count` bytes. */
  taken(id: number, count: number): void {
    const open = this.sockets.get(id);
    if (!open) return;
    open.waiting -= count;
    if (open.waiting <= windowBytes && open.socket.isPaused()) open.socket.resume();
  }

  close(id: number): void {
    this.servers.get(id)?.close();
    this.servers.delete(id);
    const open = this.sockets.get(id);
    this.sockets.delete(id);
    open?.socket.end();
    open?.socket.resume();
  }

  /** The board lost its power: its connections die without a farewell of their own. */
  closeAll(): void {
    this.epoch++;
    for (const { socket } of this.sockets.values()) socket.destroy();
    for (const server of this.servers.values()) server.close();
    this.sockets.clear();
    this.servers.clear();
  }
}

function resolveName(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    lookup(host, { family: 4 }, (error, address) => resolve(error ? undefined : address));
  });
}
