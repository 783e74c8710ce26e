/**
 * The interpreter's socket on Node's: byte strings in pieces of 536, `write` that always returns
 * false, "drain", one silent end for closes and resets alike. Unlike the interpreter's, its connect
 * does not block, so a refusal comes as a "close".
 * @module
 */
import { connect, type Socket } from "node:net";

const PIECE = 536;

type Listener = (...values: never[]) => void;

class NodeSocket {
  private listeners: Record<string, Listener[]> = {};
  private closed = false;
  private unsent = false;

  constructor(private readonly socket: Socket) {
    socket.on("connect", () => this.tell("connect"));
    socket.on("data", (data) => {
      for (let at = 0; at < data.length; at += PIECE) {
        this.tell("data", data.subarray(at, at + PIECE).toString("latin1"));
      }
    });
    socket.on("error", () => {});
    socket.on("end", () => this.close());
    socket.on("close", () => this.close());
  }

  on(event: string, listener: Listener): void {
    this.listeners[event] ??= [];
    this.listeners[event]?.push(listener);
  }

  removeAllListeners(event?: string): void {
    if (event === undefined) this.listeners = {};
    else delete this.listeners[event];
  }

  write(bytes: string): boolean {
    if (this.closed) throw new Error("This socket is closed");
    for (let i = 0; i < bytes.length; i++) {
      if (bytes.charCodeAt(i) > 255) throw new Error(`character ${i} is no byte`);
    }
    this.unsent = true;
    this.socket.write(bytes, "latin1", (error) => {
      this.unsent = false;
      if (!error) this.tell("drain");
    });
    return false;
  }

  end(): void {
    if (this.closed) throw new Error("This socket is closed");
    this.socket.end();
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    if (this.unsent) this.tell("error", { code: -8, message: "unsent data" });
    this.tell("close", this.unsent);
  }

  private tell(event: string, ...values: unknown[]): void {
    for (const listener of this.listeners[event] ?? []) listener.apply(this, values as never[]);
  }
}

/** What `require("net")` gives on the interpreter, as far as a client needs it. */
export const net = {
  connect: (target: { host: string; port: number }) => new NodeSocket(connect(target)),
};
