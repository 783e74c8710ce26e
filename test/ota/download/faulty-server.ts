/**
 * A web server that serves one file a path and does wrong what it is told to, byte by byte.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** A request as it came. */
export interface Request {
  path: string;
  /** Header fields, names in lower case. */
  fields: Record<string, string>;
  /** First byte asked for by `Range: bytes=N-`; undefined without that field. */
  from: number | undefined;
  /** How many requests of this path came before. */
  index: number;
}

/** What is sent, and how it ends. */
export interface Answer {
  /** Status line and fields, each with its line's end, without the empty line. */
  head: string;
  body: Buffer;
  /** The connection ends after so many bytes of the body; by default after all. */
  cut?: number;
  /** How it ends: closed, reset, or left open without another byte. */
  end?: "close" | "reset" | "stall";
  /** Sends `bytes` at a time, `ms` apart. */
  pace?: { bytes: number; ms: number };
}

/** What a path answers; a Buffer is sent as it stands. */
export type Script = (request: Request) => Answer | Buffer;

/** The right answer to a request for a file, as a base for wrong ones. */
export function serveFile(file: Buffer, request: Request): Answer {
  const { from } = request;
  if (from === undefined) {
    const head = `HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: ${file.length}\r\n`;
    return { head, body: file };
  }
  if (from >= file.length) {
    const head = `HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */${file.length}\r\n`;
    return { head: `${head}Content-Length: 0\r\n`, body: Buffer.alloc(0) };
  }
  const body = file.subarray(from);
  const range = `Content-Range: bytes ${from}-${file.length - 1}/${file.length}\r\n`;
  return {
    head: `HTTP/1.1 206 Partial Content\r\n${range}Content-Length: ${body.length}\r\n`,
    body,
  };
}

/** An answer without a body. */
export function status(line: string, ...fields: string[]): Answer {
  const lines = [`HTTP/1.1 ${line}`, ...fields, "Content-Length: 0"];
  return { head: lines.map((one) => `${one}\r\n`).join(""), body: Buffer.alloc(0) };
}

export class FaultyServer {
  port = 0;
  tlsPort = 0;
  private readonly scripts = new Map<string, Script>();
  private readonly seen = new Map<string, Request[]>();
  private readonly sent = new Map<string, number>();
  private readonly sockets = new Set<Socket>();
  private readonly servers: Server[] = [];

  /** Listens, with TLS on a second port where a certificate is given. */
  async listen(certificate?: { cert: string; key: string }): Promise<this> {
    this.port = await this.open(createServer((socket) => this.accept(socket)));
    if (certificate) {
      // The interpreter on Linux has no newer suites.
      const options = {
        ...certificate,
        ciphers: "DEFAULT@SECLEVEL=0",
        maxVersion: "TLSv1.2",
      } as const;
      this.tlsPort = await this.open(createTlsServer(options, (socket) => this.accept(socket)));
    }
    return this;
  }

  private async open(server: Server): Promise<number> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** What a path answers from now on. */
  serve(path: string, script: Script): void {
    this.scripts.set(path, script);
    this.seen.delete(path);
    this.sent.delete(path);
  }

  /** The requests of a path so far. */
  requests(path: string): Request[] {
    return this.seen.get(path) ?? [];
  }

  /** Bytes of bodies that were handed to the network for a path. */
  bodyBytes(path: string): number {
    return this.sent.get(path) ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise((done) => server.close(done))));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    let text = "";
    const read = (data: Buffer) => {
      text += data.toString("latin1");
      if (!text.includes("\r\n\r\n")) return;
      socket.off("data", read);
      socket.resume();
      this.answer(socket, text);
    };
    socket.on("data", read);
  }

  private answer(socket: Socket, text: string): void {
    const [first = "", ...lines] = text.split("\r\n");
    const path = first.split(" ")[1] ?? "";
    const fields: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon > 0) fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const range = /^bytes=(\d+)-$/.exec(fields.range ?? "");
    const seen = this.seen.get(path) ?? [];
    const request = {
      path,
      fields,
      from: range ? Number(range[1]) : undefined,
      index: seen.length,
    };
    this.seen.set(path, [...seen, request]);
    const script = this.scripts.get(path);
    const answer = script ? script(request) : status("404 Not Found");
    if (Buffer.isBuffer(answer)) socket.end(answer);
    else void this.send(socket, path, answer);
  }

  private async send(socket: Socket, path: string, answer: Answer): Promise<void> {
    const { head, body, cut = body.length, end = "close", pace } = answer;
    const part = body.subarray(0, cut);
    const count = (bytes: number) => this.sent.set(path, (this.sent.get(path) ?? 0) + bytes);
    socket.write(`${head}\r\n`);
    const step = pace ? pace.bytes : Math.max(part.length, 1);
    for (let at = 0; at < part.length && !socket.destroyed; at += step) {
      const piece = part.subarray(at, at + step);
      socket.write(piece);
      count(piece.length);
      if (pace) await new Promise((resolve) => setTimeout(resolve, pace.ms));
    }
    if (end === "close") socket.end();
    // What was written must have left, or the reset would overtake it.
    if (end === "reset") socket.write("", () => setTimeout(() => socket.resetAndDestroy(), 20));
  }
}
