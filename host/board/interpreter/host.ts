/**
 * What an interpreter needs of the world around it. The virtual board provides it from a worker
 * thread; a test may drive one directly, with a clock of its own.
 * @module
 */
import type { NorFlash } from "../flash/nor-flash.ts";

/** Bits of a socket's type, as in the interpreter's network drivers. */
export const socketTypes = { tcp: 0, http: 1, udp: 2, mask: 3, tls: 4 };

/** Results of `receive`, `send` that are not a count; the interpreter's own numbers. */
export const socketErrors = { closed: -1, notConnected: -11 };

/** Options of a TLS connection: DER bytes. */
export interface TlsOptions {
  ca?: Uint8Array;
  cert?: Uint8Array;
  key?: Uint8Array;
}

/** Why a socket could not be opened. */
export interface ConnectFailure {
  reason: "unknown-host" | "refused";
  /** The system's error number, e.g. 111 for a refused connection. */
  errno: number;
}

/** A network of sockets that are polled; ids are numbers from 0. */
export interface NetworkDriver {
  /** Blocks until the socket is connected (or, with `host` undefined, listening). */
  create(
    host: string | undefined,
    port: number,
    type: number,
    options?: TlsOptions,
    /** The options as the script gave them, for a network that is a script itself. */
    given?: unknown,
  ): number | ConnectFailure;
  /** A byte string of at most `max`; empty: nothing yet; a number: closed or failed. */
  receive(id: number, max: number, type: number): string | number;
  /** Bytes taken, 0: try later, negative: failed. */
  send(id: number, bytes: string, type: number): number;
  close(id: number): void;
  /** The id of a new connection to a listening socket, or -1. */
  accept(id: number): number;
  /** Whether it must be asked again and again, as nothing wakes the idle loop. */
  isPolled?: boolean;
  /** Text of a failure past `create`, that of a TLS handshake; asked for once. */
  failure?(id: number): string | undefined;
}

/** The client's side of a TLS connection whose records someone else carries. */
export interface TlsChannel {
  /** Whether the handshake is over. */
  readonly isSecure: boolean;
  /** Whether the peer has said goodbye. */
  readonly hasEnded: boolean;
  /** The TLS library's error number, positive. */
  readonly failure: number | undefined;
  /** Bytes for the network; whoever sends them takes them off. */
  outgoing: string;
  /** Bytes for the script; whoever delivers them takes them off. */
  received: string;
  /** Bytes given to `write` that are not in `outgoing` yet. */
  readonly unwritten: number;
  /** Encrypts bytes for the peer. */
  write(bytes: string): void;
  /** Takes bytes that came from the network. */
  arrive(bytes: string): void;
  /** No more will come from the network; `hasEnded` follows when all is understood. */
  end(): void;
  close(): void;
}

/** A serial port's other end. */
export interface SerialLine {
  /** Puts bytes into the port's transmit ring; blocks while it is full. */
  write(bytes: string): void;
}

export type Level = "low" | "high";

/** An access point that the board's Wi-Fi can see. */
export interface AccessPoint {
  ssid: string;
  password: string;
  /** Signal strength in dBm. */
  rssi?: number;
}

/** How the Wi-Fi behaves. */
export interface WifiWorld {
  networks: AccessPoint[];
  /** Other networks are in reach as well, whatever their names and passwords. */
  others?: boolean;
  /** Milliseconds from `connect` to an address; 0 by default. */
  delay?: number;
  /** `never-calls-back`: association is tried in vain and the callback is lost (releases to 2v29). */
  fault?: "never-calls-back" | "no-address";
}

export interface Host {
  /** Milliseconds since 1970 with a fraction, never set back. */
  now(): number;
  flash: NorFlash;
  /** Console output, a byte string. */
  output(bytes: string): void;
  network: NetworkDriver;
  /** Begins a TLS connection; missing where the world has none. */
  secure?(options: TlsOptions): TlsChannel;
  /** Address of a name, undefined when unknown; blocks. */
  resolve(name: string): string | undefined;
  serial(port: string): SerialLine | undefined;
  wifi: WifiWorld;
  /** Milliseconds between two looks at a network that is a script itself, 1. */
  pollMs?: number;
  /** Whether something pulls the pin low, a pressed button say; missing: nothing does. */
  isLow?(pin: string): boolean;
  /** The board drives a pin from now on; undefined: it lets go of it. */
  drive?(pin: string, level: Level | undefined): void;
  /** Whether Ctrl-C was typed since the last question. Throws PowerCut when the power is off. */
  interrupted(): boolean;
}
