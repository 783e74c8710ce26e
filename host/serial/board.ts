/**
 * A board at the other end of a connection: questions with answers, and the text of its console.
 * @module
 */
import type { Connection } from "./connection.ts";
import { BoardError, EvaluationError } from "./errors.ts";
import {
  type Answer,
  AnswerReader,
  CLEAR_LINE,
  type FlowControl,
  questionLine,
  silentLine,
} from "./framing.ts";

/** Milliseconds that an evaluation may take, unless said otherwise. */
const PATIENCE = 10_000;
/** Longest time that the board may ask us to wait, in milliseconds: its "go on" may get lost. */
const LONGEST_PAUSE = 10_000;
/** Bytes written at once, so that a pause takes effect. */
const PIECE = 512;
/** The same, and the milliseconds between them, where bytes get lost in bursts. */
const SLOW_PIECE = 32;
const SLOW_PAUSE = 12;
/** Milliseconds until a question is asked again, the first time. */
const ASK_AGAIN = 1500;

export interface EvaluateOptions {
  /** Milliseconds until it counts as silent; 10,000 by default. */
  timeout?: number;
}

/** An open board; `close()` it when done. */
export class Board {
  private readonly reader: AnswerReader;
  private readonly textListeners = new Set<(text: string) => void>();
  private readonly closeListeners = new Set<(reason?: BoardError) => void>();
  private readonly waiting = new Map<number, (answer: Answer | BoardError) => void>();
  /** Anew in each session: an answer that was meant for another one fits none. */
  private nextId = 1000 + Math.floor(Math.random() * 1e6);
  private turn: Promise<unknown> = Promise.resolve();
  private writing: Promise<void> = Promise.resolve();
  private flow: FlowControl = "go";
  private onGo = () => {};
  private over: BoardError | undefined;
  /** Send slowly: bytes got lost. */
  slow = false;

  constructor(private readonly connection: Connection) {
    this.reader = new AnswerReader({
      text: (text) => {
        for (const listener of [...this.textListeners]) listener(text);
      },
      answer: (answer) => this.waiting.get(answer.id)?.(answer),
      damaged: () => {
        this.failAll(new BoardError("noise", `${this.name}: an answer arrived damaged`));
      },
      flow: (flow) => {
        this.flow = flow;
        if (flow === "go") this.onGo();
      },
    });
    connection.listen({
      data: (bytes) => this.reader.take(bytes),
      closed: (reason) => this.end(reason),
    });
  }

  /** As people know the port. */
  get name(): string {
    return this.connection.name;
  }

  /** Whether the connection may lose bytes that come too fast. */
  get lossy(): boolean {
    return this.connection.lossy;
  }

  /** Hears what the console prints besides answers: a byte string with CR LF. Answers how to stop. */
  onText(listener: (text: string) => void): () => void {
    this.textListeners.add(listener);
    return () => this.textListeners.delete(listener);
  }

  /** Hears that the connection has ended, with the reason when it was not `close`. */
  onClose(listener: (reason?: BoardError) => void): () => void {
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  /** Types on the console, a byte string, as a person would: it is echoed. */
  type(text: string): Promise<void> {
    return this.send(text);
  }

  /**
   * Evaluates code in the board's global scope while what runs there goes on; its value as far as JSON
   * holds it, `undefined` for what it does not (functions). Questions are asked one after the other.
   * @throws EvaluationError what the code threw
   * @throws BoardError `silent`, `lost` or `noise`
   */
  evaluate<T = unknown>(code: string, options: EvaluateOptions = {}): Promise<T> {
    return this.exclusively(() => this.ask<T>(code, options.timeout ?? PATIENCE));
  }

  /**
   * Evaluates what may be evaluated more than once: asks again when question or answer got lost or
   * damaged.
   */
  query<T = unknown>(code: string, options: EvaluateOptions = {}): Promise<T> {
    return this.exclusively(() => this.ask<T>(code, options.timeout ?? PATIENCE, ASK_AGAIN));
  }

  /** Runs code without waiting for an answer, as the last thing before a restart, say. */
  run(code: string): Promise<void> {
    return this.exclusively(() => this.send(silentLine(code)));
  }

  /**
   * Waits until the board answers: it may still be starting, or in the middle of a line.
   * @param patience milliseconds
   * @throws BoardError `silent` when it does not
   */
  async synchronize(patience: number): Promise<void> {
    const end = Date.now() + patience;
    for (let pause = 400; ; pause = Math.min(2 * pause, 3000)) {
      try {
        await this.send(CLEAR_LINE);
        await this.exclusively(() => this.ask("1", Math.min(pause, end - Date.now() + 50)));
        return;
      } catch (error) {
        if (this.over) throw this.over;
        if (Date.now() >= end) throw error;
      }
    }
  }

  /** Does something that needs the console for itself, after what was asked before. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(() => {
      if (this.over) throw this.over;
      return work();
    });
    this.turn = result.catch(() => {});
    return result;
  }

  /** A number for answers that are no `evaluate`'s, and who hears them. */
  expect(listener: (answer: Answer | BoardError) => void): { id: number; stop: () => void } {
    const id = this.nextId++;
    this.waiting.set(id, listener);
    return { id, stop: () => this.waiting.delete(id) };
  }

  /** Sends bytes, while the board lets us. */
  send(bytes: string): Promise<void> {
    const sent = this.writing.then(async () => {
      const piece = this.slow ? SLOW_PIECE : PIECE;
      for (let at = 0; at < bytes.length; at += piece) {
        if (this.over) throw this.over;
        if (this.flow === "wait") await this.pause();
        await this.connection.write(bytes.slice(at, at + piece));
        if (this.slow) await new Promise((resolve) => setTimeout(resolve, SLOW_PAUSE));
      }
    });
    this.writing = sent.catch(() => {});
    return sent;
  }

  /** Pulls the chip's reset line where the port has one; false: it has none. */
  async resetLine(): Promise<boolean> {
    await this.connection.reset?.();
    return this.connection.reset !== undefined;
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** @param again milliseconds until the same is asked again, then twice as many, and so on */
  private ask<T>(code: string, timeout: number, again?: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let repeating: NodeJS.Timeout | undefined;
      let pause = again ?? 0;
      const finish = (answer: Answer | BoardError) => {
        const isDamaged = answer instanceof BoardError && answer.trouble === "noise";
        if (again !== undefined && (isDamaged || isGarbled(answer))) return put(CLEAR_LINE);
        clearTimeout(timer);
        clearTimeout(repeating);
        stop();
        this.slow = wasSlow;
        try {
          resolve(answerValue<T>(answer));
        } catch (error) {
          reject(error);
        }
      };
      const wasSlow = this.slow;
      const { id, stop } = this.expect(finish);
      const timer = setTimeout(() => finish(this.silence(timeout)), timeout);
      const put = (before: string) => {
        this.send(before + questionLine(id, code)).catch((error) => finish(error as BoardError));
        if (again === undefined) return;
        clearTimeout(repeating);
        repeating = setTimeout(() => {
          this.slow = this.lossy;
          put(CLEAR_LINE);
        }, pause);
        pause *= 2;
      };
      put("");
    });
  }

  private silence(timeout: number): BoardError {
    return new BoardError("silent", `${this.name}: no answer within ${timeout / 1000} s`);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.onGo(), LONGEST_PAUSE);
      this.onGo = () => {
        clearTimeout(timer);
        this.flow = "go";
        this.onGo = () => {};
        resolve();
      };
    });
  }

  private failAll(error: BoardError): void {
    for (const listener of [...this.waiting.values()]) listener(error);
  }

  private end(reason?: BoardError): void {
    this.over = reason ?? new BoardError("lost", `${this.name} was closed`);
    this.onGo();
    this.failAll(this.over);
    for (const listener of [...this.closeListeners]) listener(reason);
  }
}

/** An exception that code of ours can't throw: a name of `questionLine` that is not whole any more. */
const BROKEN_NAME = /"_\$\w?\\?" is not defined/;

/** Whether a question arrived damaged; its own code may have run. */
function isGarbled(answer: Answer | BoardError): boolean {
  if (answer instanceof BoardError) return false;
  if (answer.outcome === "threw") return BROKEN_NAME.test(answer.text);
  return answer.outcome === "damaged";
}

function answerValue<T>(answer: Answer | BoardError): T {
  if (answer instanceof BoardError) throw answer;
  if (answer.outcome === "damaged") throw new BoardError("noise", "a question arrived damaged");
  let value: unknown;
  try {
    // "undefined" is what the interpreter's JSON makes of a function.
    value = /^(undefined)?$/.test(answer.text) ? undefined : JSON.parse(answer.text);
  } catch (_cause) {
    throw new EvaluationError(`the value is no JSON: ${answer.text.slice(0, 80)}`, "");
  }
  if (answer.outcome === "done") return value as T;
  const thrown = value as { message?: string; type?: string; msg?: string; stack?: string } | null;
  if (typeof thrown !== "object" || thrown === null || thrown.message === undefined) {
    throw new EvaluationError(typeof value === "string" ? value : JSON.stringify(value), "");
  }
  throw new EvaluationError(`${thrown.type ?? "Error"}: ${thrown.message}`, thrown.stack ?? "");
}
