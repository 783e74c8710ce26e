/**
 * One stream to a server, from `dial` to its end: at most one piece of data in the socket's own
 * queue, which has no bound, and silence after `close`.
 * @module
 */

/** What a connection tells its owner; nothing after `close()`. */
export interface ConnectionEvents {
  /** Bytes can be sent. */
  onOpen(): void;
  onData(bytes: string): void;
  /** The last piece is sent; the next may be written. */
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
export function dial(
  tls: boolean,
  at: { host: string; port: number },
  connected: () => void,
): EspruinoSocket {
  if (tls && networkEncrypts()) {
    const to = { host: at.host, port: at.port, modemTls: true };
    return require("net").connect(to, connected);
  }
  if (tls) secure = true;
  return require(tls ? "tls" : "net").connect(at, connected);
}

/** The text of anything that was thrown. */
export function textOf(error: any): string {
  return "" + ((error && error.message) || error);
}

function writeLater(socket: EspruinoSocket, bytes: string): void {
  try {
    socket.write(bytes);
  } catch (_) {
    // Closed meanwhile: "close" tells.
  }
}

function endLater(socket: EspruinoSocket): void {
  try {
    socket.end();
  } catch (_) {
    // Closed already.
  }
}

/** A socket knows its connection, so that the same listeners serve all: a closure takes memory. */
interface OwnedSocket extends EspruinoSocket {
  owner: Connection;
}

function onData(this: any, bytes: string): void {
  const owner: Connection = this.owner;
  if (owner.ended) return;
  receiving = secure;
  try {
    owner.events.onData(bytes);
  } finally {
    receiving = false;
  }
}

function onDrain(this: any): void {
  const owner: Connection = this.owner;
  owner.isBusy = false;
  if (!owner.ended) owner.events.onDrain();
}

function onError(this: any, error: any): void {
  this.owner.why = textOf(error);
}

function onClose(this: any): void {
  const owner: Connection = this.owner;
  // They hold each other: without this the collector would have to find them.
  this.removeAllListeners();
  this.owner = undefined;
  owner.stream = null;
  if (!owner.ended) owner.events.onClose(owner.why);
}

export class Connection {
  /** Whether a piece was written whose "drain" has not come. */
  isBusy = false;
  // For the listeners, as are the events.
  stream: EspruinoSocket | null = null;
  ended = false;
  why = "";
  readonly events: ConnectionEvents;

  constructor(events: ConnectionEvents) {
    this.events = events;
  }

  /** Opens the stream; throws what `dial` throws. */
  open(dialer: { dial(connected: () => void): EspruinoSocket }): void {
    const socket = dialer.dial(() => {
      if (!this.ended) this.events.onOpen();
    }) as OwnedSocket;
    this.stream = socket;
    socket.owner = this;
    // Kept after `close()` too: without listeners the interpreter would store what still arrives.
    socket.on("data", onData);
    socket.on("drain", onDrain);
    socket.on("error", onError);
    socket.on("close", onClose);
  }

  /** Hands bytes to the socket; the text of the exception when it is closed already. */
  write(bytes: string): string {
    this.isBusy = true;
    if (receiving && this.stream) {
      setTimeout(writeLater, 0, this.stream, bytes);
      return "";
    }
    try {
      (this.stream as EspruinoSocket).write(bytes);
      return "";
    } catch (error) {
      return textOf(error);
    }
  }

  /** Lets the socket send what it has and close; `onClose` still comes. */
  end(): void {
    if (!this.stream) return;
    if (receiving) setTimeout(endLater, 0, this.stream);
    else endLater(this.stream);
  }

  /** Ends it, with no more events. */
  close(): void {
    this.ended = true;
    this.end();
  }
}
