/**
 * The modules `net` and `tls`: client sockets that block while they connect, and servers.
 * @module
 */
import type { Core } from "./core.ts";
import { socketTypes, type TlsOptions } from "./host.ts";
import type { Value } from "./realm.ts";
import type { Sockets } from "./sockets.ts";

export function installNet(core: Core, sockets: Sockets): void {
  const { realm } = core;
  const Socket = realm.class(() => undefined, {
    write: (self, data) => sockets.write(sockets.find(self), data),
    end: (self, data) => {
      const connection = sockets.find(self);
      if (data !== undefined) sockets.write(connection, data);
      if (connection) connection.wantsClose = true;
    },
    available: (self) => core.streams.available(self),
    read: (self, count) => core.streams.read(self, Number(count ?? 0)),
    pipe: (self, destination) => {
      self.on(
        "data",
        realm.fn((_self, data) => {
          destination.write(data);
        }),
      );
      self.on(
        "close",
        realm.fn(() => {
          destination.end();
        }),
      );
    },
  });
  const Server = realm.class(() => undefined, {
    listen: (self, port) => {
      sockets.listen(self, Number(port), socketTypes.tcp, (id) => {
        const socket = new Socket();
        sockets.adopt({ ...fresh(socket, socketTypes.tcp), id, connected: true, isServer: true });
        core.emit(self, "connect", socket);
      });
      return self;
    },
    close: (self) => sockets.stopListening(self),
  });
  realm.hide(realm.global, "Socket", Socket);
  realm.hide(realm.global, "Server", Server);

  const connect = (tls: boolean) => (_self: Value, options: Value, callback: Value) => {
    const isObject = typeof options === "object" && options !== null;
    const host = isObject && options.host !== undefined ? core.text(options.host) : "localhost";
    const port = Number((isObject ? options.port : options) ?? (tls ? 443 : 80));
    const socket = new Socket();
    socket.type = 0;
    const type = socketTypes.tcp | (tls ? socketTypes.tls : 0);
    const connection = fresh(socket, type);
    if (typeof callback === "function") socket.on("connect", callback);
    socket.opt = options;
    socket.sckt = 1;
    sockets.connect(connection, host, port, tls ? tlsOptions(core, options) : undefined);
    return socket;
  };
  core.builtins.set("net", () => {
    const net = realm.object();
    realm.define(net, {
      connect: connect(false),
      createServer: (_self, callback) => {
        const server = new Server();
        if (typeof callback === "function") server.on("connect", callback);
        return server;
      },
    });
    return net;
  });
  core.builtins.set("tls", () => {
    const tls = realm.object();
    realm.define(tls, { connect: connect(true) });
    return tls;
  });
}

/** A connection that is not open yet. */
export function fresh(socket: Value, type: number) {
  return {
    type,
    request: socket,
    reader: socket,
    pending: "",
    received: "",
    wantsClose: false,
    connected: false,
    ended: false,
    isServer: false,
  };
}

/** Certificates and key as DER; the interpreter refuses what is none when it connects. */
export function tlsOptions(core: Core, options: Value): TlsOptions {
  const result: TlsOptions = {};
  for (const name of ["ca", "cert", "key"] as const) {
    let value = options?.[name];
    if (typeof value === "function") value = value();
    if (value === undefined) continue;
    const bytes = core.bytes(value);
    if (bytes[0] !== 0x30)
      core.realm.throw(
        "InternalError",
        `HTTPS init failed! mbedtls_${name === "key" ? "pk_parse_key" : `x509_crt_parse of '${name}'`}: Invalid format`,
      );
    result[name] = bytes;
  }
  return result;
}
