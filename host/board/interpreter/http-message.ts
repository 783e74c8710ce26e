/**
 * Understands HTTP messages as the interpreter does: a status that is text, chunks undone, a body
 * without a length lost but for its first part.
 * @module
 */
import type { Value } from "./realm.ts";
import type { Connection } from "./sockets.ts";

/** What is done with a message. */
export interface MessageHandler {
  head(firstLine: string, headers: Record<string, string>): void;
  body(bytes: string): void;
}

/** The protocol of a connection that receives one message. */
export class HttpProtocol {
  hadHeaders = false;
  private remaining = 0;
  private isChunked = false;

  constructor(private readonly handler: MessageHandler) {}

  expectsMore(): boolean {
    return !this.hadHeaders || this.remaining > 0;
  }

  receive(connection: Connection): void {
    if (!this.hadHeaders) {
      // The body waits a turn, for the script to listen to it.
      this.head(connection);
      return;
    }
    if (this.isChunked) this.chunks(connection);
    else if (connection.received !== "") {
      this.remaining -= connection.received.length;
      this.handler.body(connection.received);
      connection.received = "";
    }
  }

  private head(connection: Connection): void {
    const end = connection.received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const [first = "", ...lines] = connection.received.slice(0, end).split("\r\n");
    connection.received = connection.received.slice(end + 4);
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
    }
    const find = (name: string) =>
      Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
    this.isChunked = find("transfer-encoding") === "chunked";
    this.remaining = this.isChunked ? 1 : Number(find("content-length") ?? 0);
    this.hadHeaders = true;
    this.handler.head(first, headers);
  }

  private chunks(connection: Connection): void {
    for (;;) {
      connection.received = connection.received.replace(/^[\r\n]+/, "");
      const end = connection.received.indexOf("\r\n");
      if (end < 0) return;
      const length = Number.parseInt(connection.received.slice(0, end), 16) || 0;
      if (length === 0) {
        this.remaining = 0;
        connection.received = "";
        return;
      }
      const body = connection.received.slice(end + 2, end + 2 + length);
      if (body === "") return;
      this.handler.body(body);
      if (body.length < length) {
        connection.received = `${(length - body.length).toString(16)}\r\n`;
        return;
      }
      const rest = connection.received.slice(end + 2 + length);
      // The chunk's line end may still be on its way; it is skipped before the next length.
      connection.received = rest;
    }
  }
}

/** Lines of headers of a script's object. */
export function headerLines(headers: Value, text: (value: Value) => string): string {
  return Object.keys(headers ?? {})
    .map((name) => `${name}: ${text(headers[name])}\r\n`)
    .join("");
}
