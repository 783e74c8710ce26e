/**
 * Reads the modem's sockets, a piece at a time. A piece is handed up only when its length is beyond
 * doubt: bytes that the wire has lost would leave a hole in the stream, which is closed instead.
 * @module
 */
import { ABORTED, type AtCommand, OK, TIMEOUT } from "./at.ts";
import { READ } from "./modem.ts";
import { type ModemSocket, numbers, OPEN, type SocketTable } from "./socket.ts";

/** Bytes of one read: a longer burst may overrun the port. */
export const CHUNK = 512;
/** Seconds. */
const TIME = 3;
const LOOK = 5;
const BAD_TRIES = 3;
/** Reads in a row that fail for no known reason. */
const WORST = 10;

export class Reader {
  private readonly read: AtCommand;
  /** Of the read that runs: its socket, bytes announced, pieces. */
  private reader: ModemSocket | undefined;
  private told = -1;
  private pieces: string[] = [];
  /** CR and LF between data and `OK`. */
  private space = 0;

  constructor(private readonly table: SocketTable) {
    this.read = {
      text: "",
      prefix: "",
      priority: READ,
      timeout: TIME,
      raw: (line) => this.announced(line),
      onRaw: (bytes) => {
        this.pieces.push(bytes);
      },
      done: (result) => this.readDone(result),
    };
  }

  fetch(id: number, s: ModemSocket): boolean {
    const verb = s.tls ? "QSSLRECV" : "QIRD";
    this.table.busy = true;
    this.reader = s;
    this.told = -1;
    s.anew = false;
    this.read.text = "AT+" + verb + "=" + id + "," + CHUNK;
    this.read.prefix = "+" + verb + ":";
    this.table.modem.at.send(this.read);
    return true;
  }

  private announced(line: string): number {
    const bytes = parseInt(line.substr(line.indexOf(":") + 1), 10);
    this.told = bytes;
    return bytes > 0 ? Math.min(bytes, CHUNK) : 0;
  }

  private readDone(result: number): void {
    const s = this.reader as ModemSocket;
    const bytes = this.pieces.length > 1 ? this.pieces.join("") : this.pieces[0] || "";
    this.pieces = [];
    this.reader = undefined;
    this.table.busy = false;
    if (s.ask && result !== ABORTED && s.st === OPEN) this.took(s, result, bytes);
    this.table.pump();
  }

  private took(s: ModemSocket, result: number, bytes: string): void {
    if (result === OK && this.told === bytes.length && !this.isTorn(bytes)) {
      if (bytes) this.keep(s, bytes);
      else if (!s.anew) s.pend = false;
      s.bad = 0;
    } else if (this.told < 0 && result !== TIMEOUT && result !== OK) {
      // The modem knows no such socket, or did not understand.
      if (s.end || ++s.bad >= BAD_TRIES) {
        s.end = true;
        s.pend = false;
      }
    } else if (s.tls || ++s.bad > WORST) this.table.drop(s);
    else {
      s.gap = true;
      s.hold = bytes;
    }
  }

  private keep(s: ModemSocket, bytes: string): void {
    s.rx.push(bytes);
    s.n += bytes.length;
    s.got += bytes.length;
    s.look = this.table.modem.now + LOOK;
    this.table.modem.count("rx", bytes.length);
  }

  /**
   * Bytes lost on the wire are made up for by those behind: CR LF, OK. So the space between the last
   * byte and `OK`, the same for all reads, is less by so many, and they are at the end of the data.
   */
  private isTorn(bytes: string): boolean {
    if (!bytes) return false;
    const space = this.table.modem.at.space;
    const less = this.space - space;
    this.space = Math.max(this.space, space);
    if (less <= 0) return false;
    return !space || bytes.substr(-less) === "\r\n\r\n".substr(0, less);
  }

  /** Compares what the modem says was read with what came. */
  count(id: number, s: ModemSocket): boolean {
    return this.table.ask(s, "QIRD=" + id + ",0", "+QIRD:", (result, lines) => {
      const counts = numbers(lines);
      const more = counts[1] - s.got;
      const held = s.hold;
      if (result !== OK || !(counts[2] >= 0)) {
        // Is it open at all?
        s.look = this.table.modem.now;
        if (++s.bad >= BAD_TRIES && s.gap) this.table.drop(s);
        return;
      }
      s.gap = false;
      s.hold = "";
      if (counts[2]) {
        if (!s.pend) this.table.modem.count("looks");
        s.pend = true;
      }
      // Nothing had been read, or all of it came and only the `OK` did not.
      if (!more) return;
      if (held && more === held.length && "\r\nOK".indexOf(held.substr(-1)) < 0) this.keep(s, held);
      else this.table.drop(s);
    });
  }
}
