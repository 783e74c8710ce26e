/**
 * One stream to a server, from `dial` to its end: little data in the socket's own queue, which has no
 * bound, and silence after `close`.
 * @module
 */

/** What a connection tells its owner; nothing after `close()`. */
export interface ConnectionEvents {
  /** Bytes can be sent. */
  onOpen(): void;
  onData(bytes: string): void;
  /** It is busy no more: what was written is sent. */
  onDrain(): void;
  /** `reason`: particulars, or empty. A reset looks like a normal close. */
  onClose(reason: string): void;
}

/**
 * The interpreter calls "data" in the middle of its round over all sockets, and whoever writes to or
 * ends one then takes the network away from under the TLS connections later in the round, which
 * crashes. So, once there is TLS, that waits for the round's end.
 */
let secure = false;
let receiving = false;

/** The network in use, when it may encrypt by itself. */
let network: { encrypts?: boolean } | undefined;

/** From now on, encryption is left to a network where that says so. */
export function encryptBy(other: { encrypts?: boolean } | undefined): void {
  network = other;
}

/** Whether the network in use encrypts by itself, instead of the interpreter. */
export function networkEncrypts(): boolean {
  return !!network && !!network.encrypts;
}

/**
 * Opens a socket, encrypted or not; blocks while it connects. Throws when that fails (refused,
 * unknown host).
 */
export function dial(tls: boolean, at: { host: string; port: number }): EspruinoSocket {
  if (tls && networkEncrypts()) {
    const to = { host: at.host, port: at.port, modemTls: true };
    return require("net").connect(to);
  }
  if (tls) secure = true;
  return require(tls ? "tls" : "net").connect(at);
}

/** The text of anything that was thrown. */
export function textOf(error: any): string {
  return "" + ((error && error.message) || error);
}

/** Sends what stays busy until then, or ends it; not in the middle of the round that has TLS. */
function finish(socket: EspruinoSocket, bytes?: string): void {
  if (receiving) setTimeout(finish, 0, socket, bytes);
  else {
    try {
      if (bytes === undefined) socket.end();
      else {
        socket.on("drain", onDrain);
        socket.write(bytes);
      }
    } catch (_) {
      // Closed meanwhile: "close" tells.
    }
  }
}

/** A socket knows its connection, so that the same listeners serve all: a closure takes memory. */
interface OwnedSocket extends EspruinoSocket {
  holder: Connection;
}

function onConnect(this: OwnedSocket): void {
  const connection = this.holder;
  this.removeAllListeners("connect");
  if (!connection.ended) connection.handler.onOpen();
}

/** @rare */
function hear(handler: ConnectionEvents, bytes: string): void {
  receiving = true;
  try {
    handler.onData(bytes);
  } finally {
    receiving = false;
  }
}

function onData(this: OwnedSocket, bytes: string): void {
  if (secure) hear(this.holder.handler, bytes);
  else this.holder.handler.onData(bytes);
}

function ignore(): void {}

function onDrain(this: OwnedSocket): void {
  const connection = this.holder;
  this.removeAllListeners("drain");
  connection.busy = 0;
  if (!connection.ended) connection.handler.onDrain();
}

function onError(this: OwnedSocket, error: any): void {
  this.holder.lastError = textOf(error);
}

function onClose(this: OwnedSocket): void {
  const connection = this.holder;
  // They hold each other: without this the collector would have to find them.
  this.removeAllListeners();
  (this as { holder: Connection | undefined }).holder = undefined;
  connection.socket = undefined;
  if (!connection.ended) connection.handler.onClose(connection.lastError || "");
}

export class Connection {
  // Not set from the start, and numbers: a boolean, as a text, takes a variable of its own.
  /** 1 while nothing more is to be written: "drain" tells when. */
  busy: number | undefined;
  // For the listeners, as are the events.
  socket: EspruinoSocket | undefined;
  ended: number | undefined;
  lastError: string | undefined;
  readonly handler: ConnectionEvents;

  constructor(handler: ConnectionEvents) {
    this.handler = handler;
  }

  /** Opens the stream; throws what `dial` throws. */
  open(dialer: { dial(): EspruinoSocket }): void {
    const socket = dialer.dial() as OwnedSocket;
    this.socket = socket;
    socket.holder = this;
    socket.on("connect", onConnect);
    socket.on("data", onData);
    socket.on("error", onError);
    socket.on("close", onClose);
  }

  /**
   * Hands bytes to the socket; if they are the `last` for now, it is busy until `onDrain` tells that they
   * are sent. `onClose` tells of a socket that takes nothing any more.
   */
  write(bytes: string, last?: boolean): void {
    if (last || receiving) this.hold(bytes);
    else {
      try {
        (this.socket as OwnedSocket).write(bytes);
      } catch (_) {
        // Closed meanwhile: "close" tells.
      }
    }
  }

  /** Writes what nothing follows until it is sent. @rare */
  private hold(bytes: string): void {
    this.busy = 1;
    finish(this.socket as OwnedSocket, bytes);
  }

  /** Lets the socket send what it has and close; `onClose` still comes. */
  end(): void {
    if (this.socket) finish(this.socket);
  }

  /** Ends it, with no more events. */
  close(): void {
    this.ended = 1;
    const socket = this.socket;
    if (!socket) return;
    // Without a listener the interpreter would store what still arrives.
    socket.removeAllListeners("data");
    socket.on("data", ignore);
    this.end();
  }
}
