/**
 * One property set on its way through the application's handlers, of which some may take their time.
 * @module
 */
import { textOf } from "../../link/connection.ts";

/** Takes a value, or throws or rejects; what it returns is reported in the value's place. */
export type Setter = (value: any) => any;

/** A promise, as far as it matters. */
export function isPromise(value: any): boolean {
  return !!value && typeof value === "object" && typeof value.then === "function";
}

export class Setting {
  /** 200, or that of the first property that failed. */
  code = 200;
  /** The reply's message. */
  text = "success";
  /** What was set, with the values to report. */
  readonly accepted: { [name: string]: any } = {};
  hasAccepted = false;
  private open = 1;

  /** `done` is called once, when all handlers have answered and `close` was called. */
  constructor(private readonly done: (setting: Setting) => void) {}

  /** Has a handler set a value. */
  add(name: string, handler: Setter, value: any): void {
    this.open++;
    let result: any;
    try {
      result = handler(value);
    } catch (error) {
      this.fail(name, error);
      return;
    }
    if (isPromise(result)) {
      result.then(
        (shown: any) => this.take(name, value, shown),
        (error: any) => this.fail(name, error),
      );
    } else this.take(name, value, result);
  }

  /** No more are added. */
  close(): void {
    this.open--;
    if (!this.open) this.done(this);
  }

  private take(name: string, value: any, shown: any): void {
    this.accepted[name] = shown === undefined ? value : shown;
    this.hasAccepted = true;
    this.close();
  }

  private fail(name: string, error: any): void {
    if (this.code === 200) {
      this.code = error && error.code > 0 ? error.code : 400;
      this.text = name + ": " + textOf(error);
    }
    this.close();
  }
}
