/**
 * Cuts what a modem sends into lines, prompts and announced raw bytes, however the bytes arrive
 * (V.25ter 5.7; Quectel AT manuals, "Response" and QISEND, QIRD). Pure: no clock, no I/O. The events
 * depend on the bytes alone, never on how they were cut.
 * @module
 */

/** Hears what the bytes hold. */
export interface TokenEvents {
  /**
   * A line, printable characters only, neither empty nor longer than 600. A result above 0 says
   * that so many raw bytes follow, right behind the line's CR LF.
   */
  onLine(line: string): number;
  /** A `>` where a line begins; only while one is expected. */
  onPrompt(): void;
  /** A piece of the raw bytes. */
  onRaw(bytes: string): void;
  /** The last raw byte has been handed over. */
  onRawEnd(): void;
}

const LONGEST = 600;
const LF = 10;
const CR = 13;
const NOT_PRINTABLE = /[^ -~]/g;

export class Tokenizer {
  /** A prompt is expected; the prompt resets it. */
  armed = false;
  /** Raw bytes that are still to come. */
  rawLeft = 0;
  /** CR and LF between the last raw byte and the line after it. */
  space = 0;
  private counting = false;
  private line = "";
  /** The LF of the CR LF that ended a header, not yet seen: no raw byte. */
  headerLf = false;

  constructor(private readonly events: TokenEvents) {}

  /** Takes a byte string. The events may call anything here but `feed`. */
  feed(chunk: string): void {
    let at = 0;
    const length = chunk.length;
    while (at < length) {
      const code = chunk.charCodeAt(at);
      if (this.rawLeft) {
        const header = this.headerLf;
        this.headerLf = false;
        if (header && code === LF) at++;
        else at += this.raw(chunk.substr(at, this.rawLeft));
      } else if (code === CR || code === LF) {
        at++;
        if (this.line) this.end(code === CR);
        else if (this.counting) this.space++;
        else if (code === CR && chunk.charCodeAt(at) === LF) at++;
      } else {
        let end = chunk.indexOf("\r", at);
        const feed = chunk.indexOf("\n", at);
        if (end < 0 || (feed >= 0 && feed < end)) end = feed;
        if (end < 0) end = length;
        const part = chunk.substring(at, end);
        at = end;
        if (this.line || this.armed || part.length > LONGEST) this.append(part);
        else this.line = part;
      }
    }
  }

  /** Gives up waiting for raw bytes: how many were missing. What comes next is a line again. */
  dropRaw(): number {
    const missing = this.rawLeft;
    this.rawLeft = 0;
    return missing;
  }

  /** Forgets everything that was begun. */
  reset(): void {
    this.rawLeft = 0;
    this.line = "";
    this.armed = false;
  }

  private raw(bytes: string): number {
    this.rawLeft -= bytes.length;
    const last = !this.rawLeft;
    this.events.onRaw(bytes);
    if (last) {
      this.space = 0;
      this.counting = true;
      this.events.onRawEnd();
    }
    return bytes.length;
  }

  private append(part: string): void {
    if (this.armed && !this.line) {
      // Line noise before a prompt must not hide it.
      let code = part.charCodeAt(0);
      while (part && (code < 33 || code > 126)) {
        part = part.substr(1);
        code = part.charCodeAt(0);
      }
      if (part && code === 62) {
        this.armed = false;
        part = part.substr(1);
        this.events.onPrompt();
      }
    }
    this.line += part.substr(0, LONGEST - this.line.length);
  }

  private end(cr: boolean): void {
    const line = this.line.replace(NOT_PRINTABLE, "").trim();
    this.line = "";
    this.counting = false;
    if (!line) return;
    const raw = this.events.onLine(line);
    if (raw > 0) {
      this.rawLeft = raw;
      this.headerLf = cr;
    }
  }
}
