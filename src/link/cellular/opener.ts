/**
 * Opens the modem's sockets. The answer comes as a report, which may be lost: so the modem is asked,
 * too. Failures are counted: many in a row may be the modem's own.
 * @module
 */
import { OK, TIMEOUT } from "./at.ts";
import { CONTEXT, RESTART } from "./ladder.ts";
import {
  errorOf,
  type ModemSocket,
  NO_TLS,
  numbers,
  OPEN,
  OPENING,
  type SocketTable,
  TAKEN,
} from "./socket.ts";

/** Seconds. */
const FIRST_LOOK = 10;
const LOOK = 5;
const BAD_TRIES = 3;
const FAILED_OPENS = 5;
const STACK_DEAD = 552;
const ID_USED = 563;

export class Opener {
  /** Makes the modem's TLS ready and says whether it is; absent: there is none. */
  prepareTls: ((done: (ready: boolean) => void) => void) | undefined;
  /** Context of the modem's TLS. */
  tlsContext = 1;
  /** Opens that failed in a row, and those with a dead stack. */
  private failures = 0;
  private dead = 0;

  constructor(private readonly table: SocketTable) {}

  /** `+QIOPEN: id,err`, or its like of TLS. */
  hear(s: ModemSocket, code: number): void {
    if (s.st !== OPENING || !s.ask || s.ask === TAKEN || s.err) return;
    if (code === 0) this.opened(s);
    else this.refuse(s, code);
  }

  open(id: number, s: ModemSocket, now: number): boolean {
    if (s.ask === TAKEN) {
      // One from before, which a lost report would let pass for the new one.
      return this.table.ask(s, s.tls ? "QSSLCLOSE=" + id : "QICLOSE=" + id + ",0", "", (result) => {
        if (result !== TIMEOUT) s.ask = 0;
        else if (this.table.modem.now >= s.due) this.refuse(s, 569);
      });
    }
    if (s.ask) {
      if (now >= s.due) this.refuse(s, 569);
      else if (now >= s.look) {
        s.look = now + FIRST_LOOK;
        return this.askState(id, s);
      }
      return false;
    }
    if (s.tls && !s.bad) {
      const prepare = this.prepareTls as (done: (ready: boolean) => void) => void;
      s.ask = s.bad = 1;
      s.look = s.due;
      prepare((ready) => {
        s.ask = 0;
        if (!ready) s.err = NO_TLS;
        this.table.wake();
      });
      return false;
    }
    const to = '"' + s.host + '",' + s.port + ",0";
    s.ask = 1;
    s.look = now + FIRST_LOOK;
    const text = s.tls
      ? "QSSLOPEN=1," + this.tlsContext + "," + id + "," + to
      : "QIOPEN=1," + id + ',"TCP",' + to + ",0";
    return this.table.ask(s, text, "", (result) => {
      if (result === OK) s.ask = 2;
      else if (result !== TIMEOUT && s.st === OPENING) this.askError(s);
    });
  }

  private askError(s: ModemSocket): void {
    this.table.ask(s, "QIGETERROR", "+QIGETERROR:", (_result, lines) => {
      this.refuse(s, numbers(lines)[0]);
    });
  }

  /** Is it open? Reports get lost, or go to another port. */
  askState(id: number, s: ModemSocket): boolean {
    const verb = s.tls ? "QSSLSTATE" : "QISTATE";
    return this.table.ask(
      s,
      verb + (s.tls ? "=" : "=1,") + id,
      "+" + verb + ":",
      (result, lines) => {
        const state = numbers(lines)[5];
        const isOpen = state === 2 || state === 3;
        if (s.st === OPENING) {
          if (isOpen) {
            this.table.modem.count("looks");
            this.opened(s);
            // Reports may go to another port.
            const port = this.table.modem.options.urcPort;
            this.table.ask(s, 'QURCCFG="urcport","' + port + '"', "", () => {});
          } else if (result === OK && state !== 1) {
            // Not asked at all, or the refusal was lost.
            if (s.ask === 2 || ++s.bad > BAD_TRIES) this.refuse(s, 566);
            else s.ask = 0;
          }
        } else if (isOpen) s.bad = 0;
        else if (result === OK) this.table.ended(s);
      },
    );
  }

  private opened(s: ModemSocket): void {
    s.st = OPEN;
    s.bad = 0;
    s.look = this.table.modem.now + LOOK;
    this.failures = this.dead = 0;
    this.table.modem.count("opens");
    this.table.modem.works();
  }

  private refuse(s: ModemSocket, code: number): void {
    if (code === ID_USED && ++s.bad <= BAD_TRIES) {
      s.ask = TAKEN;
      this.table.wake();
      return;
    }
    s.err = errorOf(code);
    this.table.modem.count("failed");
    this.table.modem.doubt();
    const why = "socket error " + code;
    if (code === STACK_DEAD && ++this.dead > 1) {
      this.table.modem.failBehind(this.dead > 2 ? RESTART : CONTEXT, why);
    } else if (code === 561 || code === 570 || ++this.failures >= FAILED_OPENS) {
      this.failures = 0;
      this.table.modem.failBehind(CONTEXT, why);
    }
  }
}
