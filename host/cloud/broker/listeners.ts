/**
 * The sockets that devices connect to: MQTT on TCP and on TLS.
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import type { Certificates } from "../certificate/authority.ts";
import { ConfigurationError } from "../errors.ts";

export interface Endpoint {
  host: string;
  port: number;
}

/**
 * Small devices (Espruino's mbedTLS) offer only key exchange with static RSA, which OpenSSL leaves
 * out by default; the rest is for everybody else.
 */
const CIPHERS = [
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "AES128-GCM-SHA256",
  "AES256-GCM-SHA384",
  "AES128-SHA256",
  "AES256-SHA256",
  "AES128-SHA",
  "AES256-SHA",
].join(":");

/** How the platform's TLS servers are set. */
export function tlsOptions({
  certificate,
  key,
}: Pick<Certificates, "certificate" | "key">): TlsOptions {
  return { cert: certificate, key, ciphers: CIPHERS, minVersion: "TLSv1.2", noDelay: true };
}

export class Listener {
  readonly endpoint: Endpoint;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>, endpoint: Endpoint) {
    this.#server = server;
    this.#sockets = sockets;
    this.endpoint = endpoint;
  }

  static tcp(endpoint: Endpoint, accept: (socket: Socket) => void): Promise<Listener> {
    const server = createServer({ noDelay: true }, accept);
    return Listener.#open(server, "connection", endpoint);
  }

  /** @param asks for the clients' certificates, which are checked at the log-on, not here. */
  static tls(
    endpoint: Endpoint,
    certificates: Certificates,
    accept: (socket: TLSSocket) => void,
    asks = false,
  ): Promise<Listener> {
    const { ca } = certificates;
    const clients = asks ? { requestCert: true, rejectUnauthorized: false, ca } : {};
    const server = createTlsServer({ ...tlsOptions(certificates), ...clients }, accept);
    // A failed handshake is the client's affair.
    server.on("tlsClientError", () => {});
    return Listener.#open(server, "connection", endpoint);
  }

  /** Stops listening and cuts what is still open. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  static async #open(server: Server, event: string, { host, port }: Endpoint): Promise<Listener> {
    const sockets = new Set<Socket>();
    server.on(event, (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError(error, { host, port })));
      server.listen(port, host, resolve);
    });
    const address = server.address() as { port: number };
    return new Listener(server, sockets, { host, port: address.port });
  }
}

/** Says which address can't be listened on, and why. */
export function listenError(error: Error, { host, port }: Endpoint): ConfigurationError {
  const { code } = error as NodeJS.ErrnoException;
  const reason = code === "EADDRINUSE" ? "the port is in use" : error.message;
  return new ConfigurationError(`can't listen on ${host}:${port}: ${reason}`);
}
