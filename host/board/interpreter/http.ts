/**
 * The module `http`: requests and servers over the interpreter's sockets.
 * @module
 */
import type { Core } from "./core.ts";
import { socketTypes } from "./host.ts";
import { HttpProtocol, headerLines } from "./http-message.ts";
import { fresh } from "./net.ts";
import type { Value } from "./realm.ts";
import type { Connection, Sockets } from "./sockets.ts";
import { defineUnmodelled } from "./unmodelled.ts";
import { parseUrl } from "./url.ts";

interface Outgoing {
  options: Record<string, Value>;
  chunked: boolean;
  body: string;
  ended: boolean;
}

export function installHttp(core: Core, sockets: Sockets): void {
  const { realm } = core;
  const outgoing = new WeakMap<object, Outgoing>();
  const closed = () => realm.throw("Error", "This socket is closed");
  const bodyText = (data: Value) => Buffer.from(core.bytes(core.text(data))).toString("latin1");

  const readerMethods = {
    available: (self: Value) => core.streams.available(self),
    read: (self: Value, count: Value) => core.streams.read(self, Number(count ?? 0)),
    pipe: (self: Value, destination: Value) => {
      self.on(
        "data",
        realm.fn((_self, data) => void destination.write(data)),
      );
      self.on(
        "close",
        realm.fn(() => void destination.end()),
      );
    },
  };
  const Response = realm.class(() => undefined, readerMethods);

  const start = (state: Outgoing) => {
    const { options } = state;
    const headers = options.headers ?? {};
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    state.chunked = state.body !== "" && !names.includes("content-length");
    const host = names.includes("host")
      ? ""
      : `Host: ${core.text(options.host ?? "localhost")}${options.port === undefined || options.port === null ? "" : `:${options.port}`}\r\n`;
    return `${core.text(options.method ?? "GET")} ${core.text(options.path ?? "/")} HTTP/1.1\r\nUser-Agent: Espruino ${core.board.machine.interpreter.version}\r\nConnection: close\r\n${host}${headerLines(headers, core.text.bind(core))}${state.chunked ? "Transfer-Encoding: chunked\r\n" : ""}\r\n`;
  };
  const send = (request: Value, state: Outgoing) => {
    const { options } = state;
    const response = new Response();
    const protocol = new HttpProtocol({
      head: (line, headers) => {
        const [version = "", status = "", ...words] = line.split(" ");
        response.headers = realm.object(headers);
        response.httpVersion = version.replace("HTTP/", "");
        response.statusCode = status;
        response.statusMessage = words.join(" ");
        core.emit(request, "connect", response);
      },
      body: (bytes) => {
        core.streams.push(response, bytes, false);
      },
    });
    const head = start(state);
    const body = state.chunked
      ? `${state.body.length.toString(16)}\r\n${state.body}\r\n0\r\n\r\n`
      : state.body;
    const secure = options.protocol === "https:";
    sockets.connect(
      {
        ...fresh(request, socketTypes.http | (secure ? socketTypes.tls : 0)),
        reader: response,
        pending: head + body,
        wantsClose: true,
        protocol,
      },
      core.text(options.host ?? "localhost"),
      Number(options.port ?? (secure ? 443 : 80)),
      secure ? {} : undefined,
      options,
    );
  };
  const Request = realm.class(() => undefined, {
    write: (self, data) => {
      const state = outgoing.get(self);
      if (!state || state.ended) return closed();
      state.body += bodyText(data);
      return false;
    },
    end: (self, data) => {
      const state = outgoing.get(self);
      if (!state || state.ended) return closed();
      if (data !== undefined) state.body += bodyText(data);
      state.ended = true;
      send(self, state);
    },
  });
  const request = (_self: Value, target: Value, callback: Value) => {
    const options = typeof target === "string" ? parseUrl(target) : target;
    const made = new Request();
    outgoing.set(made, { options, chunked: false, body: "", ended: false });
    if (typeof callback === "function") made.on("connect", callback);
    return made;
  };

  const ServerRequest = realm.class(() => undefined, readerMethods);
  const replies = new WeakMap<object, { connection: Connection; head: string | undefined }>();
  const statusText: Record<string, string> = { 200: "OK", 404: "Not Found" };
  const reply = (self: Value) => replies.get(self) ?? closed();
  const flushHead = (self: Value) => {
    const state = reply(self);
    state.head ??= "HTTP/1.0 200 OK\r\nServer: Espruino\r\n\r\n";
    state.connection.pending += state.head;
    state.head = "";
  };
  const ServerResponse = realm.class(() => undefined, {
    writeHead: (self, status, headers) => {
      reply(self).head =
        `HTTP/1.0 ${status} ${statusText[status] ?? "OK"}\r\nServer: Espruino\r\n${headerLines(headers, core.text.bind(core))}\r\n`;
    },
    write: (self, data) => {
      const { connection } = reply(self);
      if (connection.wantsClose) return closed();
      flushHead(self);
      connection.pending += bodyText(data);
      return false;
    },
    end: (self, data) => {
      const { connection } = reply(self);
      if (connection.wantsClose) return closed();
      flushHead(self);
      if (data !== undefined) connection.pending += bodyText(data);
      connection.wantsClose = true;
    },
  });
  defineUnmodelled(realm, ServerResponse.prototype, "httpSRs.", "setHeader");
  const Server = realm.class(() => undefined, {
    listen: (self, port) => {
      sockets.listen(self, Number(port), socketTypes.http, (id) => {
        const incoming = new ServerRequest();
        const response = new ServerResponse();
        const protocol = new HttpProtocol({
          head: (line, headers) => {
            const [method, url] = line.split(" ");
            Object.assign(incoming, { method, url });
            incoming.headers = realm.object(headers);
            core.emit(self, "connect", incoming, response);
          },
          body: (bytes) => {
            core.streams.push(incoming, bytes, false);
          },
        });
        const connection: Connection = {
          ...fresh(response, socketTypes.http),
          id,
          reader: incoming,
          connected: true,
          isServer: true,
          protocol,
        };
        replies.set(response, { connection, head: undefined });
        sockets.adopt(connection);
      });
      return self;
    },
    close: (self) => sockets.stopListening(self),
  });
  for (const [name, made] of Object.entries({
    httpCRq: Request,
    httpCRs: Response,
    httpSRq: ServerRequest,
    httpSRs: ServerResponse,
    httpSrv: Server,
  }))
    realm.hide(realm.global, name, made);

  core.builtins.set("http", () => {
    const http = realm.object();
    realm.define(http, {
      request,
      get: (_self, target, callback) => {
        const made = request(_self, target, callback);
        made.end();
        return made;
      },
      createServer: (_self, callback) => {
        const server = new Server();
        if (typeof callback === "function") server.on("connect", callback);
        return server;
      },
    });
    return http;
  });
}
