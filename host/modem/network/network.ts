/**
 * What the simulated module reaches through the air: names, connections, TLS.
 * All bytes are byte strings (characters 0 to 255).
 * @module
 */

/** Why a connection did not come about. */
export type ConnectFailure = "name" | "refused" | "timeout" | "tls";

export interface ConnectionEvents {
  onOpen(): void;
  onData(bytes: string): void;
  /** The peer or the network has ended the connection; all data came before. */
  onClose(): void;
  onFail(reason: ConnectFailure): void;
}

export interface Connection {
  /** The peer's address, for AT+QISTATE; the name as given until it is known. */
  readonly address: string;
  /** Bytes that the peer has not taken yet. */
  readonly pending: number;
  send(bytes: string): void;
  /** Takes no more data from the peer, so that it has to wait. */
  pause(): void;
  resume(): void;
  /** Ends the connection; no event follows. */
  close(): void;
}

/** How the module wants TLS to be done. Certificates and keys are PEM or DER. */
export interface TlsSettings {
  /** Whether the chain of certificates has to lead to one of `ca`. */
  verify: boolean;
  ca?: string;
  certificate?: string;
  key?: string;
  /** Name that is sent in the handshake, and that the certificate then has to carry. */
  serverName?: string;
  /** The module's clock, ms since 1970; missing: dates of certificates do not count. */
  now?: number;
  /** 0 SSL 3.0, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 any. */
  version: number;
}

export interface ConnectTarget {
  host: string;
  port: number;
  udp?: boolean;
  tls?: TlsSettings;
}

export interface ModemNetwork {
  /** Addresses of a name; none: there is no such name. */
  resolve(host: string, done: (addresses: string[]) => void): void;
  connect(target: ConnectTarget, events: ConnectionEvents): Connection;
}
