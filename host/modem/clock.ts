/**
 * The simulator's clocks: the computer's, or one that is driven by hand.
 * @module
 */

/** What the simulator knows of time. */
export interface ModemClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, in so many milliseconds; gives the way to cancel. */
  after(ms: number, call: () => void): () => void;
}

/** The computer's clock. Its timers do not keep a process alive. */
export class RealClock implements ModemClock {
  now(): number {
    return Date.now();
  }

  after(ms: number, call: () => void): () => void {
    if (ms <= 0) {
      const immediate = setImmediate(call);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  }
}

interface Entry {
  at: number;
  /** What was asked for first comes first among those due at the same time. */
  order: number;
  call: (() => void) | undefined;
}

/** A clock whose time passes only in `run` and `advance`. */
export class DrivenClock implements ModemClock {
  /** A heap: each entry is due before its two children. */
  private readonly heap: Entry[] = [];
  private order = 0;

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, call: () => void): () => void {
    const entry: Entry = { at: this.time + Math.max(0, ms), order: this.order++, call };
    this.push(entry);
    return () => {
      entry.call = undefined;
    };
  }

  /** When the next call is due, in milliseconds since 1970; Infinity: none is. */
  get next(): number {
    for (let first = this.heap[0]; first; first = this.heap[0]) {
      if (first.call) return first.at;
      this.pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Lets so many milliseconds pass, with all that is due in them. */
  run(ms: number): void {
    this.advance(this.time + ms);
  }

  /** Lets time pass up to a time in milliseconds since 1970. */
  advance(to: number): void {
    for (let next = this.next; next <= to; next = this.next) {
      const { call } = this.pop() as Entry;
      if (next > this.time) this.time = next;
      call?.();
    }
    if (to > this.time) this.time = to;
  }

  /** This clock as something that runs beside a driven board. */
  get companion(): { next(): number; advance(to: number): void } {
    return { next: () => this.next, advance: (to) => this.advance(to) };
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Entry;
      if (!isBefore(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  private pop(): Entry | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right && isBefore(right, heap[child] as Entry)) child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[place] = heap[child] as Entry;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Timers that end together, as those of a module whose power fails. */
export class Timers {
  private readonly cancels = new Set<() => void>();

  constructor(private readonly clock: ModemClock) {}

  after(ms: number, call: () => void): () => void {
    const cancelTimer = this.clock.after(ms, () => {
      this.cancels.delete(cancel);
      call();
    });
    const cancel = () => {
      this.cancels.delete(cancel);
      cancelTimer();
    };
    this.cancels.add(cancel);
    return cancel;
  }

  cancelAll(): void {
    for (const cancel of [...this.cancels]) cancel();
  }
}
