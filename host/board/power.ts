/**
 * What can be switched on and off: the virtual board and the real interpreter alike.
 * @module
 */
import type { BoardFile } from "./interpreter/core.ts";

export type { BoardFile } from "./interpreter/core.ts";

/** A board with a power switch and a console. */
export interface PoweredBoard {
  readonly board: BoardFile;
  readonly isOn: boolean;
  /** Resolves when the interpreter has begun to start; its boot files may still run. */
  powerOn(): Promise<void>;
  /** Takes the power away at once: RAM is lost, the flash is kept. */
  powerOff(): Promise<void>;
  /** Types text to the console, a byte string. */
  type(text: string): void;
  /** What the REPL prints for an expression; rejects when the board is off. */
  evaluate(expression: string): Promise<string>;
  /** Hears what the console prints, a byte string with CR LF; answers how to stop. */
  onConsole(listener: (text: string) => void): () => void;
  /** Hears that the board restarted or ended by itself, with the cause. */
  onRestart(listener: (cause: string) => void): () => void;
  /** Switches off for good. */
  close(): Promise<void>;
}

/** A set of listeners. */
export class Listeners<T> {
  private readonly listeners = new Set<(value: T) => void>();

  add(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  call(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}

let evaluations = 0;

/** Evaluates through the console, marking where the answer begins and ends. */
export function evaluateOnConsole(board: PoweredBoard, expression: string): Promise<string> {
  if (!board.isOn) return Promise.reject(new Error("the board is off"));
  const number = ++evaluations;
  const begin = `\x02${number}\r\n`;
  const end = `\x03${number}\r\n`;
  return new Promise((resolve, reject) => {
    let seen = "";
    const stop = () => {
      stopConsole();
      stopRestart();
    };
    const stopConsole = board.onConsole((text) => {
      seen += text;
      const last = seen.indexOf(end);
      if (last < 0) return;
      stop();
      const first = seen.indexOf(begin) + begin.length;
      resolve(seen.slice(first, last).replace(/\r\n$/, "").replace(/\r\n/g, "\n"));
    });
    const stopRestart = board.onRestart((cause) => {
      stop();
      reject(new Error(`the board restarted before it answered: ${cause}`));
    });
    board.type(
      `\x10print("\\x02${number}")\n\x10print(${expression})\n\x10print("\\x03${number}")\n`,
    );
  });
}
