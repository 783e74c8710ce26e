/**
 * The modem's sockets: at most six, one command for them at a time, each socket in its turn. Data
 * stays in the modem until there is room. Nothing is sent twice unless the modem's own count says
 * that it never had it, and nothing is handed up unless its length is beyond doubt: a stream with a
 * hole is closed instead.
 * @module
 */
import { ABORTED, type AtCommand, TIMEOUT } from "./at.ts";
import { type Modem, POLL, SEND } from "./modem.ts";
import { Opener } from "./opener.ts";
import { CHUNK, Reader } from "./reader.ts";
import {
  BAD_ARGUMENT,
  CLOSED,
  CLOSING,
  isHost,
  ModemSocket,
  NO_ROUTE,
  NO_SOCKET,
  NO_TLS,
  NOT_YET,
  OPEN,
  OPENING,
  type SocketTable,
  TAKEN,
} from "./socket.ts";
import { Writer } from "./writer.ts";

const MOST = 6;
/** Bytes kept for the interpreter. */
const KEEP = 1024;
const LONGEST_SEND = 1024;
/** Seconds. */
const OPEN_TIME = 75;
const CLOSE_TIME = 10;
const COMMAND = 5;
const SEND_TIME = 10;
const LOOK = 5;
/** Each so many looks, whether it is open at all. */
const STATE_LOOKS = 6;
const BAD_TRIES = 3;

export class Sockets implements SocketTable {
  readonly opener = new Opener(this);
  /** Whether the modem is to encrypt, not the interpreter. */
  encrypts = true;
  private readonly list: (ModemSocket | undefined)[] = [];
  busy = false;
  private turn = 0;
  private held = false;
  /** A bit for each number that the modem may still have in use. */
  private stale = (1 << MOST) - 1;
  private kicked = false;
  private up = false;
  private looks = 0;
  private readonly reader = new Reader(this);
  private readonly writer = new Writer(this);

  constructor(readonly modem: Modem) {
    this.kick = this.kick.bind(this);
  }

  // What the interpreter calls (`NetworkDriver`): from its idle loop, so nothing is sent in here.

  create(host: string | undefined, port: number, type: number, options: any): number {
    if (!this.up) return NO_ROUTE;
    if (!host || (type & 3) === 2 || !isHost(host)) return BAD_ARGUMENT;
    const tls = options && options.modemTls ? 1 : 0;
    if (tls && !this.opener.prepareTls) return NO_TLS;
    for (let id = 0; id < MOST; id++) {
      if (this.list[id]) continue;
      const s = new ModemSocket(host, port, tls, this.modem.now + OPEN_TIME);
      if (this.stale & (1 << id)) s.ask = TAKEN;
      this.stale &= ~(1 << id);
      this.list[id] = s;
      this.wake();
      return id;
    }
    return NO_SOCKET;
  }

  recv(id: number, most: number): string | number {
    const s = this.list[id];
    if (!s || s.st === CLOSING) return CLOSED;
    if (s.n) {
      let bytes = s.rx.length > 1 ? s.rx.join("") : s.rx[0];
      s.rx = [];
      if (bytes.length > most) {
        s.rx.push(bytes.substr(most));
        bytes = bytes.substr(0, most);
      }
      s.n -= bytes.length;
      if (s.pend) this.wake();
      return bytes;
    }
    if (s.err) return s.err;
    if (s.st === OPENING) return NOT_YET;
    return s.end && !s.pend ? CLOSED : "";
  }

  send(id: number, bytes: string): number {
    const s = this.list[id];
    if (!s || s.st === CLOSING) return CLOSED;
    if (s.err) return s.err;
    if (s.st === OPENING || s.tx || s.end) return 0;
    s.tx = bytes.length > LONGEST_SEND ? bytes.substr(0, LONGEST_SEND) : bytes;
    this.wake();
    return s.tx.length;
  }

  close(id: number): void {
    const s = this.list[id];
    if (!s) return;
    s.st = CLOSING;
    s.rx = [];
    s.n = s.bad = 0;
    s.due = this.modem.now + CLOSE_TIME;
    if (!s.ask) this.list[id] = undefined;
    else this.wake();
  }

  accept(_id: number): number {
    return CLOSED;
  }

  // From the lifecycle.

  /** Whether sockets can be opened. */
  setUp(up: boolean): void {
    this.up = up;
  }

  /** The modem has none of them any more. */
  lose(): void {
    for (let id = 0; id < MOST; id++) {
      const s = this.list[id];
      if (!s) continue;
      if (s.ask) this.stale |= 1 << id;
      if (s.st === CLOSING) this.list[id] = undefined;
      s.ask = 0;
      s.tx = "";
      s.err = s.err || CLOSED;
    }
  }

  tick(): void {
    this.pump();
  }

  /** Reads no more until `release`: while flash is erased, nobody empties the port. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.wake();
  }

  // What the modem reports by itself; these only take notes.

  /** `+QIOPEN: id,err`, or its like of TLS. */
  hearOpen(id: number, code: number, tls: number): void {
    const s = this.list[id];
    if (s && s.tls === tls) this.opener.hear(s, code);
  }

  hearData(id: number, tls: number): void {
    const s = this.list[id];
    if (!s || s.tls !== tls) return;
    s.pend = s.anew = true;
    this.wake();
  }

  /** Data that came unasked. */
  push(id: number, bytes: string): void {
    const s = this.list[id];
    if (!s || s.st === CLOSING) return;
    s.rx.push(bytes);
    s.n += bytes.length;
  }

  /** Some of it never came. */
  pushFailed(id: number): void {
    const s = this.list[id];
    if (s) this.drop(s);
  }

  hearClosed(id: number, tls: number): void {
    const s = this.list[id];
    if (!s || s.tls !== tls || s.st !== OPEN) return;
    this.ended(s);
    this.wake();
  }

  /** Sends what is due, but not from in here. */
  wake(): void {
    if (this.kicked) return;
    this.kicked = true;
    setTimeout(this.kick, 0);
  }

  private kick(): void {
    this.kicked = false;
    this.pump();
  }

  pump(): void {
    if (this.busy || !this.up) return;
    for (let i = 0; i < MOST; i++) {
      const id = (this.turn + i) % MOST;
      const s = this.list[id];
      if (s && this.serve(id, s, this.modem.now)) {
        this.turn = id + 1;
        return;
      }
    }
  }

  /** Sends a socket's next command, if any. */
  private serve(id: number, s: ModemSocket, now: number): boolean {
    const closing = s.st === CLOSING;
    if (closing && (!s.tx || s.err || s.end || now >= s.due)) return this.shut(id, s);
    if (s.err) return false;
    if (s.st === OPENING) return this.opener.open(id, s, now);
    if (s.was) return this.writer.verify(id, s);
    if (s.tx && now >= s.at) return this.writer.write(id, s);
    if (closing) return false;
    if (s.gap) return this.reader.count(id, s);
    if (s.pend && !this.held && s.n <= KEEP - CHUNK) return this.reader.fetch(id, s);
    if (now < s.look) return false;
    s.look = now + LOOK;
    if (s.bad || ++this.looks % STATE_LOOKS === 0) return this.opener.askState(id, s);
    if (!s.tls) return this.reader.count(id, s);
    s.pend = true;
    return false;
  }

  /** A command of a socket, not heard any more when the socket is lost meanwhile. */
  ask(
    s: ModemSocket,
    text: string,
    prefix: string,
    done: (result: number, lines: string[]) => void,
    payload?: string,
  ): boolean {
    this.busy = true;
    this.modem.at.send({
      text: "AT+" + text,
      prefix: prefix,
      priority: payload ? SEND : POLL,
      timeout: payload ? SEND_TIME : COMMAND,
      payload: payload,
      done: (result, lines) => {
        this.busy = false;
        if (s.ask && result !== ABORTED) done(result, lines);
        this.pump();
      },
    } as AtCommand);
    return true;
  }

  private shut(id: number, s: ModemSocket): boolean {
    return this.ask(s, s.tls ? "QSSLCLOSE=" + id : "QICLOSE=" + id + ",0", "", (result) => {
      if (result === TIMEOUT && ++s.bad < BAD_TRIES) return;
      this.list[id] = undefined;
      this.modem.count("closes");
    });
  }

  /** No more can be sent; what the modem still has can be read. */
  ended(s: ModemSocket): void {
    s.end = s.pend = s.anew = true;
    s.tx = "";
    s.was = false;
  }

  /** A stream with a hole. */
  drop(s: ModemSocket): void {
    this.modem.count("holes");
    s.err = CLOSED;
  }
}
