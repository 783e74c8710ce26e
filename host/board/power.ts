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

/** An expression's number, with the marks that begin and end its answer on the console. */
export interface Evaluation {
  begin: string;
  end: string;
  /** Resolves with what is printed between the marks; rejects when the board restarts. */
  answer: Promise<string>;
}

/** Listens for the answer to an expression that is about to be evaluated. */
export function expectAnswer(board: PoweredBoard): Evaluation {
  const number = ++evaluations;
  const begin = `\x02${number}`;
  const end = `\x03${number}`;
  const answer = new Promise<string>((resolve, reject) => {
    let seen = "";
    const stop = () => {
      stopConsole();
      stopRestart();
    };
    const stopConsole = board.onConsole((text) => {
      seen += text;
      const last = seen.indexOf(`${end}\r\n`);
      if (last < 0) return;
      stop();
      const first = seen.indexOf(`${begin}\r\n`) + begin.length + 2;
      resolve(seen.slice(first, last).replace(/\r\n$/, "").replace(/\r\n/g, "\n"));
    });
    const stopRestart = board.onRestart((cause) => {
      stop();
      reject(new Error(`the board restarted before it answered: ${cause}`));
    });
  });
  return { begin, end, answer };
}

/** Evaluates through the console. */
export function evaluateOnConsole(board: PoweredBoard, expression: string): Promise<string> {
  if (!board.isOn) return Promise.reject(new Error("the board is off"));
  const { begin, end, answer } = expectAnswer(board);
  const mark = (text: string) => `\x10print(${JSON.stringify(text)})\n`;
  board.type(`${mark(begin)}\x10print(${expression})\n${mark(end)}`);
  return answer;
}
