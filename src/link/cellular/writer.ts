/**
 * Sends on the modem's sockets. Nothing is sent twice unless the modem's own count says that it never
 * had it.
 * @module
 */
import { OK, SEND_FAIL, TIMEOUT } from "./at.ts";
import { type ModemSocket, numbers, type SocketTable } from "./socket.ts";

/** Seconds. */
const RETRY = 0.2;
const SEND_TRIES = 300;

export class Writer {
  constructor(private readonly table: SocketTable) {}

  write(id: number, s: ModemSocket): boolean {
    const length = s.tx.length;
    const text = (s.tls ? "QSSLSEND=" : "QISEND=") + id + "," + length;
    return this.table.ask(
      s,
      text,
      "",
      (result) => {
        const now = this.table.modem.now;
        if (result === OK) this.wrote(s);
        else if (result === SEND_FAIL || (s.tls && result === TIMEOUT)) {
          // No room there, or no prompt.
          s.at = now + RETRY;
          if (++s.bad > SEND_TRIES) this.table.ended(s);
        } else if (s.tls) this.table.ended(s);
        else {
          s.was = true;
          s.own = result !== TIMEOUT;
        }
      },
      s.tx,
    );
  }

  private wrote(s: ModemSocket): void {
    s.out += s.tx.length;
    this.table.modem.count("tx", s.tx.length);
    s.tx = "";
    s.was = false;
    s.bad = 0;
    // An answer is likely.
    s.look = Math.min(s.look, this.table.modem.now + 0.5);
  }

  /** Did the modem take it? It counts. */
  verify(id: number, s: ModemSocket): boolean {
    return this.table.ask(s, "QISEND=" + id + ",0", "+QISEND:", (result, lines) => {
      const total = numbers(lines)[0];
      this.table.modem.count("unknown");
      if (s.own && total === s.out + s.tx.length) this.wrote(s);
      else if (total === s.out) {
        s.was = false;
        s.at = this.table.modem.now + RETRY;
        s.bad += 30;
        if (s.bad > SEND_TRIES) this.table.ended(s);
      } else if (result !== TIMEOUT || ++s.bad > SEND_TRIES) this.table.ended(s);
    });
  }
}
