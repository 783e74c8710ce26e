/**
 * The places at which faults take hold of what the module does.
 * @module
 */
import type { Call } from "./call.ts";

interface Entry<A extends unknown[], R> {
  ask: (...given: A) => R | undefined;
  left: number;
}

/** Functions that are asked in turn; the first that gives an answer has it its way. */
export class HookList<A extends unknown[], R> {
  private readonly entries = new Set<Entry<A, R>>();

  /** Adds a function that may answer so many times; gives the way to take it out. */
  add(ask: (...given: A) => R | undefined, times = 1): () => void {
    const entry = { ask, left: times };
    this.entries.add(entry);
    return () => this.entries.delete(entry);
  }

  ask(...given: A): R | undefined {
    for (const entry of this.entries) {
      const answer = entry.ask(...given);
      if (answer === undefined) continue;
      if (--entry.left <= 0) this.entries.delete(entry);
      return answer;
    }
    return undefined;
  }

  get size(): number {
    return this.entries.size;
  }

  clear(): void {
    this.entries.clear();
  }
}

/** What becomes of an answer: its bytes ("" for none), and how much later they come, in ms. */
export interface Answer {
  bytes: string;
  delay?: number;
}

/** An answer's part: all that goes out at the end, a prompt, or what follows a payload. */
export type AnswerPhase = "final" | "prompt" | "payload";

/** What becomes of a command: later by ms, another text in its place, or nothing at all. */
export type CommandFate = { delay: number } | { line: string } | "lost" | "unanswered";

export class Hooks {
  /** Before a line's commands run. */
  readonly command = new HookList<[line: string, calls: Call[]], CommandFate>();
  readonly answer = new HookList<[bytes: string, call: Call, phase: AnswerPhase], Answer>();
  /** A payload as it arrived; what is given replaces it. */
  readonly payload = new HookList<[bytes: string, call: Call], string>();
  /** Lines of unsolicited results; "" drops one. */
  readonly urc = new HookList<[line: string], string>();
  /** How an open ends, by QI or QSSL command: an error number, or "never". */
  readonly open = new HookList<[name: string, id: number], number | "never">();
  /** Why a payload that the module has is not sent on: `SEND FAIL`, `ERROR`, or no word of it. */
  readonly send = new HookList<[id: number], "full" | "refused" | "lost">();
  /** Any other place, by its name: a number or text that replaces what would be. */
  readonly value = new HookList<[place: string], string | number>();

  clear(): void {
    for (const list of [this.command, this.answer, this.payload, this.urc, this.open])
      (list as HookList<unknown[], unknown>).clear();
    this.send.clear();
    this.value.clear();
  }
}
