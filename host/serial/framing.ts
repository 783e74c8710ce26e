/**
 * How a question is put to the interpreter's console, and how the answer is told from all else that
 * it prints. A question is one line that begins with DLE, which keeps it from being echoed; its code is
 * evaluated only when its CRC-32 fits. The answer is `STX number : outcome : CRC-32 : text ETX`, on one
 * line, where the text has printable characters only.
 * @module
 */
import { crc32 } from "../image/crc32.ts";

const STX = "\x02";
const ETX = "\x03";
const DLE = "\x10";
const XON = "\x11";
const XOFF = "\x13";
const TAIL = "\r\n>";

/**
 * Takes away a line that someone has begun to type, or of which an end was lost. The escape sequence is
 * for releases that no longer know Ctrl-U. Not Ctrl-C, which would stop what runs.
 */
export const CLEAR_LINE = "\x1b[2H\x15";

/** Whether the board wants us to send. */
export type FlowControl = "go" | "wait";

/** An answer. */
export interface Answer {
  /** The question's number. */
  id: number;
  /** `threw`: the text is what. `damaged`: the question did not arrive as it was sent. */
  outcome: "done" | "threw" | "damaged";
  text: string;
}

/** A JavaScript text literal, in the characters that a console takes: 32 to 126. */
export function literal(text: string): string {
  const quote = count(text, '"') > count(text, "'") ? "'" : '"';
  const body = text.replace(/[^ -~]|["'\\]/g, (ch) => escaped(ch, quote));
  return quote + body + quote;
}

function escaped(ch: string, quote: string): string {
  if (ch === "\n") return "\\n";
  if (ch === "\r") return "\\r";
  if (ch === "\t") return "\\t";
  if (ch === "\\") return "\\\\";
  if (ch === '"' || ch === "'") return ch === quote ? `\\${ch}` : ch;
  return `\\x${ch.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

function count(text: string, ch: string): number {
  return text.split(ch).length - 1;
}

/** The bytes of a byte string, in browsers too. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (ch) => ch.charCodeAt(0));
}

/** A line that is carried out without an echo. */
export function silentLine(code: string): string {
  return `${DLE}${code}\n`;
}

/** What an outcome is on the wire. */
const OUTCOMES = ["threw", "done", "damaged"] as const;

/** Code that prints an answer: expressions for the outcome's index, and for the text. */
export function printAnswer(id: number, outcome: string, text: string): string {
  return `print("\\x02${id}:"+${outcome}+":"+E.CRC32(${text})+":"+${text}+"\\x03")`;
}

/**
 * The line that evaluates code in the global scope and answers its value in JSON. No function round it:
 * the interpreter's `eval` would declare variables in there. The firmware's globals begin with `$`. What
 * throws before or behind the code itself was damaged on its way.
 */
export function questionLine(id: number, code: string): string {
  const sum = crc32(bytesOf(code));
  return silentLine(
    `_$k=2;try{_$a=${literal(code)};if(E.CRC32(_$a)==${sum}){_$k=0;_$a=eval(_$a);_$k=3;` +
      `_$a=_$a===undefined?"":JSON.stringify(_$a)||"";_$k=1}else _$a=""}` +
      `catch(e){_$a=_$k?"":JSON.stringify(e)||"";_$k=_$k&&2}` +
      `${printAnswer(id, "_$k", "_$a")};delete _$a;delete _$k`,
  );
}

/** What a console prints, taken apart. */
export class AnswerReader {
  /** What came after STX; undefined: nothing is held back. */
  private held: string | undefined;
  /** What may still follow an answer: its line's end, and the prompt, which was there before. */
  private tail = "";

  constructor(
    private readonly on: {
      /** What is no answer. */
      text(text: string): void;
      answer(answer: Answer): void;
      /** An answer that noise has damaged. */
      damaged(): void;
      flow(flow: FlowControl): void;
    },
  ) {}

  /** Takes what has arrived. */
  take(bytes: string): void {
    let text = "";
    for (const ch of bytes) {
      if (ch === XOFF || ch === XON) {
        this.on.flow(ch === XOFF ? "wait" : "go");
        continue;
      }
      if (this.held !== undefined) {
        if (ch === ETX) {
          if (text) this.on.text(text);
          text = this.finish(this.held);
          this.held = undefined;
          continue;
        }
        this.held += ch;
        if (ch < " " || !couldBeAnswer(this.held)) {
          text += STX + this.held;
          this.held = undefined;
        }
      } else if (ch === STX) this.held = "";
      else if (this.tail.startsWith(ch)) this.tail = this.tail.slice(1);
      else {
        this.tail = "";
        text += ch;
      }
    }
    if (text) this.on.text(text);
  }

  /** Hands an answer over; what was none is text. */
  private finish(held: string): string {
    const found = WHOLE.exec(held);
    if (!found) return STX + held + ETX;
    this.tail = TAIL;
    const text = found[4] ?? "";
    if (crc32(bytesOf(text)) === Number(found[3])) {
      this.on.answer({
        id: Number(found[1]),
        outcome: OUTCOMES[Number(found[2])] as Answer["outcome"],
        text,
      });
    } else this.on.damaged();
    return "";
  }
}

/** Number, outcome, checksum and text; and the beginnings of that. */
const WHOLE = /^(\d+):([012]):(\d+):(.*)$/;
const BEGINNING = /^(\d+(:([012](:(\d+(:.*)?)?)?)?)?)?$/;
/** Longer text begins with all the numbers, or is none. */
const NUMBERS = 24;

/** Whether text may be the beginning of an answer; only that much is held back. */
function couldBeAnswer(text: string): boolean {
  return text.length > NUMBERS || BEGINNING.test(text);
}
