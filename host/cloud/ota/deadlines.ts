/**
 * Things to be done at a time, one per name.
 * @module
 */

/** Timers of Node hold no more. */
const WAIT_MAX_MS = 2 ** 31 - 1;

export class Deadlines {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #closed = false;

  /** @param at milliseconds since 1970; what was set under the name before is dropped. */
  set(name: string, at: number, action: () => void): void {
    this.clear(name);
    if (this.#closed) return;
    const wait = Math.max(0, at - Date.now());
    const due = () => {
      this.#timers.delete(name);
      // Long ones come in parts, and the timers' clock may run a little ahead of the date's.
      if (Date.now() < at) this.set(name, at, action);
      else action();
    };
    this.#timers.set(name, setTimeout(due, Math.min(wait, WAIT_MAX_MS)));
  }

  clear(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  close(): void {
    this.#closed = true;
    for (const name of [...this.#timers.keys()]) this.clear(name);
  }
}
