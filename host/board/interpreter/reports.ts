/**
 * Calls into the script and what becomes of what it throws: the texts on the console, listeners of
 * `uncaughtException`, error flags.
 * @module
 */
import { PowerCut } from "../flash/nor-flash.ts";
import { Interruption, Restart } from "./aborts.ts";
import type { ErrorFlag } from "./flags.ts";
import type { Realm, Value } from "./realm.ts";

/** What the reports need of the interpreter. */
export interface ReportParts {
  realm: Realm;
  translate(error: unknown): unknown;
  print(text: string): void;
  text(value: Value): string;
  /** Called before each run of script code. */
  begin(): void;
  /** Evaluates a callback that is a text. */
  evaluate(source: string): void;
}

/** Runs script code from the outside. */
export class Reports {
  private readonly flags = new Set<ErrorFlag>();
  private readonly freshFlags = new Set<ErrorFlag>();
  private inCallback = false;
  /** What events threw in this turn; undefined outside of their turn. */
  private deferred: unknown[] | undefined;

  constructor(private readonly parts: ReportParts) {}

  /** Runs script code: reports what it throws. False when it was interrupted. */
  guard(run: () => void): boolean {
    const { parts } = this;
    parts.begin();
    try {
      run();
      return true;
    } catch (thrown) {
      const error = parts.translate(thrown);
      if (error instanceof PowerCut || error instanceof Restart) throw error;
      if (!(error instanceof Interruption)) {
        this.report(error);
        return true;
      }
      this.flag(...(error.flags as ErrorFlag[]));
      parts.print(`Execution Interrupted${this.inCallback ? " during event processing." : ""}\n`);
      if (error.message !== "") parts.print(`Uncaught Error: ${error.message}\n`);
      return false;
    }
  }

  /** Calls a function, a text or a list of them; one that throws does not stop the others. */
  call(callback: Value, self: Value, args: Value[]): boolean {
    const { parts } = this;
    const list: Value[] = parts.realm.isArray(callback) ? Array.from(callback) : [callback];
    const errors: unknown[] = [];
    let done = true;
    this.inCallback = true;
    for (const one of list) {
      const ran = this.guard(() => {
        try {
          if (typeof one === "string") parts.evaluate(one);
          else if (typeof one === "function") one.apply(self, args);
        } catch (thrown) {
          const error = parts.translate(thrown);
          if (error instanceof Interruption || error instanceof PowerCut) throw error;
          errors.push(error);
        }
      });
      done = ran && done;
    }
    this.inCallback = false;
    for (const error of errors) {
      if (this.deferred) this.deferred.push(error);
      else this.report(error);
    }
    return done;
  }

  /** Runs the events of a turn: of what they throw only the last is known when they are done. */
  events(run: () => void): void {
    this.deferred = [];
    try {
      run();
    } finally {
      const failures = this.deferred;
      this.deferred = undefined;
      if (failures.length > 0) this.report(failures.at(-1));
    }
  }

  report(error: unknown): void {
    const { parts } = this;
    const { process } = parts.realm.global;
    const listeners = process?.["#onuncaughtException"];
    const shown = parts.translate(error) as Value;
    // An empty list, of removed listeners, keeps exceptions quiet too.
    if (listeners === undefined) {
      this.printUncaught(shown);
      return;
    }
    for (const listener of Array.from(listeners as ArrayLike<Value>)) {
      try {
        listener.call(process, shown);
      } catch (thrown) {
        const inner = parts.translate(thrown);
        if (inner instanceof Interruption || inner instanceof PowerCut) throw inner;
        this.printUncaught(inner as Value);
      }
    }
  }

  private printUncaught(error: Value): void {
    this.parts.print(`Uncaught ${this.parts.text(error)}\n`);
    const stack = typeof error === "object" && error !== null ? error.stack : undefined;
    if (typeof stack === "string") this.parts.print(stack);
  }

  flag(...flags: ErrorFlag[]): void {
    for (const flag of flags) {
      if (!this.flags.has(flag)) this.freshFlags.add(flag);
      this.flags.add(flag);
    }
  }

  /** The flags raised since the last question. */
  takeFlags(): string[] {
    const flags = [...this.flags];
    this.flags.clear();
    return flags;
  }

  /** Tells listeners of `errorFlag`, and the console, of new flags. */
  raiseFlags(): void {
    if (this.freshFlags.size === 0) return;
    const { parts } = this;
    const flags = parts.realm.array([...this.freshFlags]);
    this.freshFlags.clear();
    const { E } = parts.realm.global;
    if (E["#onerrorFlag"]) this.call(E["#onerrorFlag"], E, [flags]);
    parts.print(`New interpreter error: ${parts.text(flags)}\n`);
  }
}
