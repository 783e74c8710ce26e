/**
 * Shows progress: a bar with rate and remaining time on a terminal, plain lines elsewhere.
 * @module
 */
import type { Progress } from "../serial/index.ts";
import type { Reporter } from "./send.ts";

const WIDTH = 28;
/** Without a terminal a line is printed each time that this much more is done, in percent. */
const STRIDE = 25;
/** Names are padded to this. */
const NAME = 12;

/** Where it is shown. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
}

/** Shows steps, warnings and progress. */
export class ProgressDisplay implements Reporter {
  private name = "";
  /** When the clock was started, and what had been done by then. */
  private begun = 0;
  private already = 0;
  private shown = 0;
  private barIsUp = false;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {}

  step(text: string): void {
    this.line(text);
  }

  warn(text: string): void {
    this.line(`warning: ${text}`);
  }

  progress(name: string, { done, total }: Progress): void {
    if (name !== this.name || done < this.shown) {
      this.name = name;
      this.begun = this.now();
      this.already = done < total ? done : 0;
      this.shown = 0;
      if (done < total) return;
    }
    const share = done / total;
    const seconds = Math.max((this.now() - this.begun) / 1000, 0.001);
    const rate = (done - this.already) / seconds;
    const figures = `${Math.floor(100 * share)} %  ${(rate / 1000).toFixed(1)} KB/s`;
    if (this.output.isTTY) {
      const filled = Math.round(share * WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      const rest = done < total ? `  ${Math.ceil((total - done) / rate)} s left` : "";
      this.output.write(`\r\x1b[K  ${name.padEnd(NAME)}${bar} ${figures}${rest}`);
      this.barIsUp = true;
      if (done >= total) this.endBar();
    } else if (done >= total || 100 * (done - this.shown) >= STRIDE * total) {
      this.output.write(`  ${name.padEnd(NAME)}${done} of ${total} bytes, ${figures}\n`);
    } else return;
    this.shown = done;
  }

  private line(text: string): void {
    this.endBar();
    this.output.write(`${text}\n`);
  }

  /** Leaves the bar on the screen, below which what follows begins. */
  private endBar(): void {
    if (this.barIsUp) this.output.write("\n");
    this.barIsUp = false;
  }
}
