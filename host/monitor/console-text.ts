/**
 * A console's text as lines for people: traces decoded, prompts and control sequences taken away.
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { TraceDecoder } from "../trace/index.ts";

/** Milliseconds after which what waits for more is shown. */
const PATIENCE = 150;
/** Comes before each line that is printed past a prompt. */
const ERASE = "\x1b[J";

/** Bytes as the characters that they stand for; a source's line, in a trace, has them already. */
function readable(bytes: string): string {
  if (/[^\0-\xff]/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  return text.includes("\ufffd") ? bytes : text;
}

/** Without prompt, echo and what redraws them: control characters must not reach the terminal. */
function withoutPrompt(line: string): string {
  const last = line.split(ERASE).at(-1) ?? "";
  const plain = stripVTControlCharacters(last).replace(/\p{Cc}/gu, "");
  return plain.replace(/^>/, "");
}

/** Turns text that comes in pieces into lines. */
export class ConsoleText {
  private rest = "";
  private timer: NodeJS.Timeout | undefined;

  constructor(
    public decoder: Pick<TraceDecoder, "push" | "flush">,
    private readonly onLine: (line: string) => void,
  ) {}

  take(bytes: string): void {
    this.emit(this.decoder.push(bytes));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PATIENCE);
    this.timer.unref();
  }

  /** Shows what waits for more, but for a line of which only a part may have come. */
  flushLines(): void {
    this.emit(this.decoder.flush());
  }

  /** Shows what waits for more. */
  flush(): void {
    clearTimeout(this.timer);
    this.flushLines();
    const { rest } = this;
    this.rest = "";
    // A prompt that waits for a person is not worth a line.
    if (withoutPrompt(rest) !== "") this.line(rest);
  }

  private emit(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    this.onLine(readable(withoutPrompt(line.replace(/\r$/, ""))));
  }
}
