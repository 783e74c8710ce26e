/**
 * Shows how updates go on: a bar on a terminal, lines elsewhere.
 * @module
 */
import { isFinal, type TaskView } from "./push.ts";

const BAR_WIDTH = 30;

/** Where the text goes; a terminal when `isTTY`. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export class ProgressBar {
  readonly #screen: Screen;
  /** The last line of each device. */
  readonly #shown = new Map<string, string>();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows what has changed. */
  show(tasks: TaskView[]): void {
    for (const task of tasks) {
      const line = this.#screen.isTTY === true ? barOf(task) : lineOf(task);
      if (this.#shown.get(task.deviceName) === line) continue;
      this.#shown.set(task.deviceName, line);
      // With several devices each change takes a line: bars would overwrite one another.
      if (this.#screen.isTTY !== true || tasks.length > 1) this.#screen.write(`${line}\n`);
      else this.#redraw(line, isFinal(task));
    }
  }

  #redraw(line: string, last: boolean): void {
    const width = (this.#screen.columns ?? 80) - 1;
    this.#screen.write(`\r\x1b[2K${line.slice(0, width)}${last ? "\n" : ""}`);
  }
}

/** `demo_0001  [##########--------------------]  35 % IN_PROGRESS downloading`. */
function barOf(task: TaskView): string {
  const percent = Math.max(0, task.progress);
  const filled = Math.round((percent / 100) * BAR_WIDTH);
  const bar = "#".repeat(filled).padEnd(BAR_WIDTH, "-");
  return `${task.deviceName}  [${bar}] ${String(percent).padStart(3)} % ${wordsOf(task)}`;
}

function lineOf(task: TaskView): string {
  return `${task.deviceName} ${task.progress} ${wordsOf(task)}`;
}

/** Control characters of a device must not reach the terminal. */
function wordsOf({ status, desc }: TaskView): string {
  return `${status} ${desc}`.trimEnd().replace(/\p{Cc}/gu, "�");
}
