/**
 * What a board prints, as lines for people: its log, what the application prints, and traces with the
 * places of the TypeScript.
 * @module
 */
import { ConsoleText } from "../monitor/console-text.ts";
import { parseLogLine } from "../monitor/log-line.ts";
import type { TraceDecoder } from "../trace/index.ts";

/** What `evaluate` prints around an answer, which is shown elsewhere. */
const BEGIN = "\x02";
const END = "\x03";
/** Comes before each line that is printed past a prompt. */
const ERASE = "\x1b[J";
/** First and last line of what the interpreter says of itself when it starts, beside the board's title. */
const GREETING = /^ ____ +_ *$/;
const GREETED = /espruino\.com\/Donate$|^ 2v\d+\S* \(virtual board\)$/;

/** Turns text that comes in pieces into lines; one without its end is not shown. */
export class BoardLines {
  private readonly text: ConsoleText;
  private rest = "";
  private isAnswer = false;
  private isGreeting = false;

  /**
   * @param title of the board's file
   * @param onLine hears each line, without prompt and control characters
   */
  constructor(
    decoder: Pick<TraceDecoder, "push" | "flush">,
    private readonly title: string,
    onLine: (line: string) => void,
  ) {
    this.text = new ConsoleText(decoder, (line) => {
      if (line.trim() !== "") onLine(line);
    });
  }

  take(bytes: string): void {
    const lines = (this.rest + bytes).split("\r\n");
    this.rest = lines.pop() ?? "";
    const shown = lines.filter((line) => this.isWanted(line));
    if (shown.length > 0) this.text.take(`${shown.join("\n")}\n`);
  }

  /** Shows what waits for more. */
  flush(): void {
    this.text.flush();
  }

  private isWanted(line: string): boolean {
    const isAside = this.isAnswer || this.isGreeting || line.includes(BEGIN);
    if (line.includes(BEGIN)) this.isAnswer = true;
    if (line.includes(END)) this.isAnswer = false;
    const isGreeting = this.isGreeting || line === this.title || GREETING.test(line);
    this.isGreeting = isGreeting && !GREETED.test(line);
    // The log goes on meanwhile.
    return (!isAside && !isGreeting) || parseLogLine(line.split(ERASE).at(-1) ?? "") !== undefined;
  }
}
