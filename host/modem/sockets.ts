/**
 * The module's sockets: ids 0 to 11, their buffers, and the lines that tell of them.
 * @module
 */
import type { Kernel } from "./kernel.ts";
import type { Connection, ConnectTarget } from "./network/network.ts";

export const SOCKETS = 12;

/** Most bytes of one push line, and of one read. */
export const LARGEST_READ = 1500;

export type AccessMode = 0 | 1 | 2;

/** As AT+QISTATE counts them. */
export const state = { initial: 0, opening: 1, connected: 2, listening: 3, closing: 4 } as const;

export interface SocketSettings {
  id: number;
  context: number;
  /** `TCP`, `UDP`, or `SSLClient`. */
  type: string;
  host: string;
  port: number;
  localPort: number;
  access: AccessMode;
  /** SSL context. */
  sslContext?: number;
}

/** What a socket tells its table. */
export interface SocketRules {
  /** `+QIURC` or `+QSSLURC`. */
  urc: string;
  /** The `recv` line carries the length in buffer mode too. */
  recvind(): boolean;
  /** The module frees the socket itself when the peer has closed. */
  passiveClosed(): boolean;
  /** Bytes of a transparent socket. */
  transparent(bytes: string): void;
  transparentEnd(): void;
}

export class ModemSocket {
  state: number = state.opening;
  connection: Connection | undefined;
  sentBytes = 0;
  /** Bytes taken in, and those of them that were read. */
  received = 0;
  read = 0;
  access: AccessMode;
  private readonly chunks: string[] = [];
  private isPaused = false;
  /** Ends an open that is under way. */
  private finishOpen: (error: number) => void = () => {};
  /** The peer has closed, and was told of. */
  isEnded = false;

  constructor(
    private readonly kernel: Kernel,
    readonly settings: SocketSettings,
    private readonly rules: SocketRules,
    private readonly free: () => void,
  ) {
    this.access = settings.access;
  }

  get unread(): number {
    return this.received - this.read;
  }

  get unacknowledged(): number {
    return Math.min(this.sentBytes, this.connection?.pending ?? 0);
  }

  /** Connects; `done` gets 0 or an error number, once, unless the socket is closed before. */
  open(target: ConnectTarget, done: (error: number) => void): void {
    let isDone = false;
    const finish = (error: number) => {
      if (isDone || this.state === state.closing) return;
      isDone = true;
      cancel();
      if (error === 0) this.state = state.connected;
      else this.drop();
      done(error);
    };
    this.finishOpen = finish;
    const cancel = this.kernel.after(this.kernel.timing.connect, () => finish(569));
    this.connection = this.kernel.network.connect(target, {
      onOpen: () => finish(0),
      onFail: (reason) => finish(reason === "name" ? 565 : reason === "timeout" ? 569 : 566),
      onData: (bytes) => this.take(bytes),
      onClose: () => this.ended(),
    });
    // What comes before the result has been told must wait.
    this.connection.pause();
  }

  /** The result has been told: data may come. */
  begin(): void {
    this.isPaused = false;
    this.connection?.resume();
  }

  /** Sends on; false: the buffer is full. */
  send(bytes: string): boolean {
    const { connection } = this;
    if (!connection) return true;
    const room = this.kernel.options.sendBuffer ?? 10_240;
    if (connection.pending > 0 && connection.pending + bytes.length > room) return false;
    this.sentBytes += bytes.length;
    connection.send(bytes);
    return true;
  }

  /** Bytes for QIRD. */
  pull(most: number): string {
    let bytes = "";
    while (bytes.length < most) {
      const chunk = this.chunks.shift();
      if (chunk === undefined) break;
      const rest = most - bytes.length;
      if (chunk.length > rest) this.chunks.unshift(chunk.slice(rest));
      bytes += chunk.slice(0, rest);
    }
    this.read += bytes.length;
    this.throttle();
    return bytes;
  }

  /** Changes how data is given out; what waits goes out at once in the new way. */
  switchTo(access: AccessMode): void {
    this.access = access;
    if (access !== 0 && this.unread > 0) this.give();
  }

  /** Puts bytes into the buffer, as if the peer had sent them. */
  take(bytes: string): void {
    const wasEmpty = this.unread === 0;
    this.chunks.push(bytes);
    this.received += bytes.length;
    if (this.access !== 0) this.give();
    else if (wasEmpty) this.tellReceived();
    this.throttle();
  }

  tellReceived(): void {
    const length = this.rules.recvind() ? `,${this.unread}` : "";
    this.kernel.urc(`${this.rules.urc}: "recv",${this.settings.id}${length}`);
  }

  /** The peer's end, or the network's. */
  ended(discard = false): void {
    if (this.isEnded || this.state !== state.connected) return;
    this.isEnded = true;
    if (discard) this.pull(Number.MAX_SAFE_INTEGER);
    this.drop();
    if (this.access === 2) {
      this.rules.transparentEnd();
      return;
    }
    this.kernel.urc(`${this.rules.urc}: "closed",${this.settings.id}`);
    if (this.rules.passiveClosed()) this.free();
  }

  /** The network is gone: an open fails, a connection ends without a word. */
  lose(): void {
    if (this.state === state.opening) this.finishOpen(570);
    else this.drop();
  }

  /** Lets go of the connection; the id stays in use. */
  drop(): void {
    this.state = state.closing;
    this.connection?.close();
    this.connection = undefined;
  }

  private give(): void {
    while (this.unread > 0) {
      const bytes = this.pull(LARGEST_READ);
      const { id } = this.settings;
      if (this.access === 2) this.rules.transparent(bytes);
      else this.kernel.urc(`${this.rules.urc}: "recv",${id},${bytes.length}`, bytes);
    }
  }

  private throttle(): void {
    const room = this.kernel.options.receiveBuffer ?? 10_240;
    const isFull = this.unread >= room;
    if (isFull === this.isPaused) return;
    this.isPaused = isFull;
    if (isFull) this.connection?.pause();
    else this.connection?.resume();
  }
}

/** The sockets of one kind. */
export class SocketTable {
  private readonly sockets: (ModemSocket | undefined)[] = [];

  constructor(
    private readonly kernel: Kernel,
    private readonly rules: SocketRules,
  ) {}

  get(id: number): ModemSocket | undefined {
    return this.sockets[id];
  }

  all(): ModemSocket[] {
    return this.sockets.filter((socket) => socket !== undefined);
  }

  create(settings: SocketSettings): ModemSocket {
    const { id } = settings;
    const socket = new ModemSocket(this.kernel, settings, this.rules, () => this.close(id));
    this.sockets[id] = socket;
    return socket;
  }

  /** Closes and frees an id; false: it was free. */
  close(id: number): boolean {
    const socket = this.sockets[id];
    if (!socket) return false;
    socket.drop();
    this.sockets[id] = undefined;
    return true;
  }

  /** The context is gone: connections end without a word, ids stay in use. */
  dropContext(context?: number): void {
    for (const socket of this.all()) {
      if (context === undefined || socket.settings.context === context) socket.lose();
    }
  }

  closeAll(): void {
    for (let id = 0; id < SOCKETS; id++) this.close(id);
  }
}
