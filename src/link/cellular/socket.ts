/**
 * One socket of the modem, as far as the board knows it. Its number is its place in the table of
 * `sockets.ts` and the modem's connect id. Names are short: a record holds many.
 * @module
 */
import type { Modem } from "./modem.ts";

export const OPENING = 0;
export const OPEN = 1;
/** In a record's `ask`: the number has to be freed first. */
export const TAKEN = 3;
/** The interpreter has let go of it; the number is free when the modem has, too. */
export const CLOSING = 2;

// What the interpreter's sockets know (libs/network/socketerrors.h).
export const CLOSED = -1;
export const TIMED_OUT = -3;
export const NO_ROUTE = -4;
export const NO_SOCKET = -7;
export const NOT_FOUND = -6;
export const NO_TLS = -13;
export const NOT_YET = -11;
export const BAD_ARGUMENT = -12;

export class ModemSocket {
  st = OPENING;
  /** 1: with the modem's TLS. */
  readonly tls: number;
  readonly host: string;
  readonly port: number;
  /** Whether the modem was asked to open it; 2: and has said yes; 3: the number is taken. */
  ask = 0;
  /** What was read and not yet fetched, and its bytes. */
  rx: string[] = [];
  n = 0;
  /** What was accepted and not yet taken by the modem. */
  tx = "";
  /** Bytes read and sent, as the modem counts them. */
  got = 0;
  out = 0;
  /** There may be something to read. */
  pend = false;
  /** A report came while a read ran. */
  anew = false;
  /** The peer has closed it. */
  end = false;
  /** What became of a send, of a read, is not known. */
  was = false;
  gap = false;
  /** The prompt came: what the modem took can only be the data, not what was typed in search of it. */
  own = false;
  /** What came of that read. */
  hold = "";
  /** A failure, below 0, which the interpreter hears when `rx` is empty. */
  err = 0;
  /** Failed tries of what is under way. */
  bad = 0;
  /** When opening or closing is given up; when the next send may be; the next look. */
  due = 0;
  at = 0;
  look = 0;

  constructor(host: string, port: number, tls: number, due: number) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.due = due;
  }
}

const LONGEST_HOST = 150;

/** The interpreter's error for one of the modem's (Quectel TCP/IP manuals, "Result codes"). */
export function errorOf(code: number): number {
  if (code === 565) return NOT_FOUND;
  if (code === 569) return TIMED_OUT;
  if (code === 561 || code === 566 || code === 570 || code === 573) return NO_ROUTE;
  return code === 553 || code === 563 || code === 568 ? -5 : CLOSED;
}

/** The comma-separated numbers of the first line; NaN where there is none. */
export function numbers(lines: string[]): number[] {
  const line = lines.length ? lines[0] : "";
  return line
    .substr(line.indexOf(":") + 1)
    .split(",")
    .map((field) => parseInt(field.trim(), 10));
}

/** Whether a name can stand in a command. */
export function isHost(host: string): boolean {
  if (host.length > LONGEST_HOST) return false;
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    if (code < 33 || code > 126 || code === 34) return false;
  }
  return true;
}

/** The sockets, for the parts that open and read them. */
export interface SocketTable {
  readonly modem: Modem;
  /** A command for the sockets is under way. */
  busy: boolean;
  /** Sends a command of a socket; `done` is not called when the socket is lost meanwhile. */
  ask(
    s: ModemSocket,
    text: string,
    prefix: string,
    done: (result: number, lines: string[]) => void,
    payload?: string,
  ): boolean;
  /** Sends what is due. */
  pump(): void;
  /** The same, but not from in here. */
  wake(): void;
  /** No more can be sent; what the modem still has can be read. */
  ended(s: ModemSocket): void;
  /** It has a hole. */
  drop(s: ModemSocket): void;
}
