/**
 * A board's console over TCP: the virtual board's, or Espruino's Telnet server.
 * @module
 */
import { createConnection, type Socket } from "node:net";
import { type Connection, type ConnectionEvents, Mailbox } from "./connection.ts";
import { BoardError } from "./errors.ts";

/** Time to connect, in milliseconds. */
const PATIENCE = 10_000;
const TELNET = 23;

/** Splits `tcp://host[:port]`; undefined when it is none. */
export function parseTcp(spec: string): { host: string; port: number } | undefined {
  const found = /^tcp:\/\/(\[[^\]]+\]|[^:/]*)(?::(\d{1,5}))?\/?$/.exec(spec);
  if (!found) return undefined;
  const port = Number(found[2] ?? TELNET);
  const host = (found[1] ?? "").replace(/^\[|\]$/g, "") || "localhost";
  return port > 0 && port < 65536 ? { host, port } : undefined;
}

class TcpConnection implements Connection {
  readonly lossy = false;
  private readonly mailbox = new Mailbox();
  private leaving = false;

  constructor(
    readonly name: string,
    private readonly socket: Socket,
  ) {
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (bytes: string) => this.mailbox.data(bytes));
    let cause: Error | undefined;
    socket.on("error", (error) => {
      cause = error;
    });
    socket.on("close", () => this.mailbox.closed(this.leaving ? undefined : this.lost(cause)));
  }

  private lost(cause?: Error): BoardError {
    const text = `the connection to ${this.name} has ended${cause ? ` (${cause.message})` : ""}`;
    return new BoardError("lost", text, { cause });
  }

  listen(events: ConnectionEvents): void {
    this.mailbox.listen(events);
  }

  write(bytes: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(bytes, "latin1", (error) => {
        if (error) reject(this.lost(error));
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    this.leaving = true;
    return new Promise((resolve) => {
      if (this.socket.closed) return resolve();
      this.socket.once("close", () => resolve());
      this.socket.end(() => this.socket.destroy());
    });
  }
}

/**
 * Connects to `tcp://host:port`.
 * @throws BoardError `not-opened` with the reason
 */
export function openTcp(spec: string): Promise<Connection> {
  const target = parseTcp(spec);
  if (!target) {
    throw new BoardError(
      "not-opened",
      `${spec}: expected tcp://HOST:PORT, e.g. tcp://127.0.0.1:23`,
    );
  }
  return new Promise((resolve, reject) => {
    const socket = createConnection(target);
    const fail = (why: string, cause?: Error) => {
      socket.destroy();
      reject(new BoardError("not-opened", `${spec}: ${why}`, { cause }));
    };
    socket.setTimeout(PATIENCE, () => fail(`no answer within ${PATIENCE / 1000} s`));
    const onError = (error: NodeJS.ErrnoException) => fail(reasonOf(error), error);
    socket.once("error", onError);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeListener("error", onError);
      resolve(new TcpConnection(spec, socket));
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") {
    return "nobody listens there. Is the board (npm run board -- --port N) running?";
  }
  if (error.code === "ENOTFOUND") return "no such host";
  return error.message;
}
