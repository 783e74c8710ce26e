/**
 * What the AT channel is told of commands, and what it tells.
 * @module
 */

// Results of a command, besides CME and CMS plus the modem's number.
export const OK = 0;
/** `ERROR`; `NO CARRIER` and the like, or an error in words, which is then the last of the lines. */
export const ERROR = -1;
export const SEND_FAIL = -2;
/** No answer, no prompt, or fewer raw bytes than announced. */
export const TIMEOUT = -3;
/** Ended by `abort` or a dead modem, which may have carried it out. */
export const ABORTED = -4;
/** The payload has left; the modem did not say what became of it. */
export const UNKNOWN = -5;
/** Plus n: `+CME ERROR: n` (3GPP 27.007, 9.2; Quectel's own from 400 on). */
export const CME = 1000;
/** Plus n: `+CMS ERROR: n` (3GPP 27.005, 3.2.5). */
export const CMS = 2000;

/** A command. */
export interface AtCommand {
  /** Without the CR, e.g. `"AT+CSQ"`. */
  text: string;
  /** The greater goes first; default 0. Equal ones go in the order in which they came. */
  priority?: number;
  /** Seconds to the final result, from the start or the end of the payload on; default 5. */
  timeout?: number;
  /** Lines that begin so are its information, e.g. `"+CSQ:"`. */
  prefix?: string;
  /** Which lines are; where both are given, both must hold. */
  accepts?(line: string): boolean;
  /** It also takes lines that nobody knows, e.g. an IMEI. */
  plain?: boolean;
  /** How many raw bytes follow a line of its own; 0: none. Asked of late answers, too. */
  raw?(line: string): number;
  /** Sent at the prompt, `>` or `CONNECT`, which may take 5 s. */
  payload?: string;
  /** A piece of its raw bytes. */
  onRaw?(bytes: string): void;
  /** The end: the result and up to 16 lines of information. May send commands. */
  done(result: number, lines: string[]): void;
}

/** Hears what belongs to no command. */
export interface AtEvents {
  /**
   * A line that the running command does not claim. 0: known; above 0: known, and so many raw bytes
   * follow; -1: not known, so a command that takes any line may have it. Only sets flags.
   */
  onUrc(line: string): number;
  /** A piece of the raw bytes that a URC announced. */
  onUrcRaw(bytes: string): void;
  /** So many of them never came. */
  onUrcShort?(missing: number): void;
  /** Nine `AT` within 40 s got no answer. All commands were ended as aborted; new ones are sent. */
  onDead(): void;
}

/**
 * What happened how often since the start: `timeouts`, `resyncs`, `lost` (raw bytes that were
 * announced and never came), `noise` (lines that belonged to nobody), `echoes`.
 */
export interface AtCounters {
  [name: string]: number;
}

/** A line that is no final result. */
export const NONE = 1;

/** A final result that the running command can't have. */
export const NOISE = 2;

function resultOf(line: string): number {
  if (line.length < 12) {
    switch (line) {
      case "OK":
      case "SEND OK":
        return OK;
      case "ERROR":
      case "NO CARRIER":
      case "NO ANSWER":
      case "NO DIALTONE":
      case "BUSY":
        return ERROR;
      case "SEND FAIL":
        return SEND_FAIL;
    }
  }
  const base = line.startsWith("+CME ERROR:") ? CME : line.startsWith("+CMS ERROR:") ? CMS : 0;
  if (!base) return NONE;
  const code = parseInt(line.substr(11), 10);
  return code >= 0 ? base + code : ERROR;
}

/** The final result that a line is (V.25ter 5.7.1; Quectel's SEND), NONE, or NOISE. */
export function finalResult(line: string, command: AtCommand, prompted: boolean): number {
  const result = resultOf(line);
  const isEarly = result === OK && command.payload !== undefined && !prompted;
  const isLate = result !== NONE && line.startsWith("SEND ") && command.text.indexOf("SEND") < 0;
  return isEarly || isLate ? NOISE : result;
}

/** Whether a line is a command's information. */
export function claims(command: AtCommand, line: string): boolean {
  if (command.prefix) {
    return line.startsWith(command.prefix) && (!command.accepts || command.accepts(line));
  }
  return !!command.accepts && command.accepts(line);
}

/** Puts a command behind those that go before it or came before it. */
export function enqueue(queue: AtCommand[], command: AtCommand): void {
  let at = queue.length;
  while (at && (queue[at - 1].priority || 0) < (command.priority || 0)) at--;
  queue.splice(at, 0, command);
}

/** Whether a line is one of a payload's. */
export function isLineOf(line: string, payload: string): boolean {
  return ("\n" + payload + "\r").indexOf("\n" + line + "\r") >= 0;
}

/** For commands whose end nobody waits for. */
export function ignore(): void {}

export const ECHO_OFF: AtCommand = { text: "ATE0", done: ignore };
