/**
 * One stream to the broker, from `dial` to its end: at most one piece of data in the socket's own
 * queue, which has no bound, and silence after `close`.
 * @module
 */
import { textOf } from "./fault.ts";
import type { MqttOptions } from "./options.ts";

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

/** Says that there are TLS connections. */
export function noteTls(): void {
  secure = true;
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

export class Connection {
  /** Whether a piece was written whose "drain" has not come. */
  isBusy = false;
  private socket: EspruinoSocket | null = null;
  private isClosed = false;

  constructor(private readonly events: ConnectionEvents) {}

  /** Opens the stream; throws what `dial` throws. */
  open(options: Pick<MqttOptions, "dial">): void {
    const events = this.events;
    let reason = "";
    const socket = options.dial(() => {
      if (!this.isClosed) events.onOpen();
    });
    this.socket = socket;
    // Kept after `close()` too: without listeners the interpreter would store what still arrives.
    socket.on("data", (bytes) => {
      if (this.isClosed) return;
      receiving = secure;
      try {
        events.onData(bytes);
      } finally {
        receiving = false;
      }
    });
    socket.on("drain", () => {
      this.isBusy = false;
      if (!this.isClosed) events.onDrain();
    });
    socket.on("error", (error) => {
      reason = textOf(error);
    });
    socket.on("close", () => {
      // Socket and listeners hold each other: without this the collector would have to find them.
      socket.removeAllListeners();
      this.socket = null;
      if (!this.isClosed) events.onClose(reason);
    });
  }

  /** Hands bytes to the socket; the text of the exception when it is closed already. */
  write(bytes: string): string {
    this.isBusy = true;
    if (receiving && this.socket) {
      setTimeout(writeLater, 0, this.socket, bytes);
      return "";
    }
    try {
      (this.socket as EspruinoSocket).write(bytes);
      return "";
    } catch (error) {
      return textOf(error);
    }
  }

  /** Lets the socket send what it has and close; `onClose` still comes. */
  end(): void {
    if (!this.socket) return;
    if (receiving) setTimeout(endLater, 0, this.socket);
    else endLater(this.socket);
  }

  /** Ends it, with no more events. */
  close(): void {
    this.isClosed = true;
    this.end();
  }
}
