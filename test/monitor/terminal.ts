/**
 * A terminal whose keyboard is the test.
 * @module
 */
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";

/** Input and output of a program, and what stands on the screen. */
export class Terminal {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  readonly output = Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 40 });
  /** All that was written, without control sequences. */
  shown = "";
  private waiting: { text: string; from: number; done(): void }[] = [];

  constructor() {
    this.output.setEncoding("utf8").on("data", (text: string) => {
      this.shown += stripVTControlCharacters(text).replaceAll("\r", "");
      this.waiting = this.waiting.filter((one) => {
        if (!this.shown.includes(one.text, one.from)) return true;
        one.done();
        return false;
      });
    });
  }

  /** Types keys; resolves to what is written from then until a text has come. */
  async type(keys: string, until: string): Promise<string> {
    const from = this.shown.length;
    const seen = this.sees(until, from);
    this.input.write(keys);
    await seen;
    return this.shown.slice(from);
  }

  /** Resolves when a text has been written. */
  async sees(text: string, from = 0): Promise<void> {
    if (this.shown.includes(text, from)) return;
    await new Promise<void>((done) => this.waiting.push({ text, from, done }));
  }
}
