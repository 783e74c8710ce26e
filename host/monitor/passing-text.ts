/**
 * A console that is typed on, with its traces decoded: nothing else of its text is changed, and what
 * is no whole line does not wait for its end.
 * @module
 */
import type { TraceDecoder } from "../trace/index.ts";

/** Milliseconds after which what waits for more is passed on: less than a person notices. */
const PATIENCE = 30;

export class PassingText {
  private timer: NodeJS.Timeout | undefined;

  /** @param write takes the text for a terminal, as bytes */
  constructor(
    private readonly decoder: Pick<TraceDecoder, "push" | "flush">,
    private readonly write: (bytes: string) => void,
  ) {}

  take(bytes: string): void {
    this.pass(this.decoder.push(bytes));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PATIENCE);
  }

  /** Passes on what waits for more. */
  flush(): void {
    clearTimeout(this.timer);
    this.pass(this.decoder.flush());
  }

  private pass(text: string): void {
    if (text !== "") this.write(inBytes(text).replace(/\r?\n/g, "\r\n"));
  }
}

/** The board's text is bytes already; lines of the sources are not. */
function inBytes(text: string): string {
  return text.replace(/[^\0-\xff]+/g, (part) => Buffer.from(part).toString("latin1"));
}
