/**
 * Remembers what passed through the platform, so that a step can wait for what may have happened
 * already.
 * @module
 */
import type { Trace, TraceMessage, TraceRefusal, TraceStatus } from "../cloud/trace.ts";

export type Seen =
  | ({ kind: "message" } & TraceMessage)
  | ({ kind: "status" } & TraceStatus)
  | ({ kind: "refusal" } & TraceRefusal);

export class Watch {
  /** Everything so far, oldest first. */
  readonly seen: Seen[] = [];
  private readonly waiting = new Set<(seen: Seen) => void>();

  /** @param patience how long `wait` waits when it is not told, in milliseconds */
  constructor(
    trace: Trace,
    readonly patience = 20_000,
  ) {
    trace.on("message", (message) => this.add({ kind: "message", ...message }));
    trace.on("status", (status) => this.add({ kind: "status", ...status }));
    trace.on("refusal", (refusal) => this.add({ kind: "refusal", ...refusal }));
  }

  /** A place in time: `wait` looks from there on. */
  get now(): number {
    return this.seen.length;
  }

  /**
   * The first thing since `from` that `wanted` holds true for. Rejects after `ms` with an Error
   * that names what was awaited.
   */
  wait<T extends Seen>(
    what: string,
    from: number,
    wanted: (seen: Seen) => seen is T,
    ms?: number,
  ): Promise<T>;
  wait(what: string, from: number, wanted: (seen: Seen) => boolean, ms?: number): Promise<Seen>;
  wait(
    what: string,
    from: number,
    wanted: (seen: Seen) => boolean,
    ms = this.patience,
  ): Promise<Seen> {
    const past = this.seen.slice(from).find(wanted);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const look = (seen: Seen) => {
        if (!wanted(seen)) return;
        end();
        resolve(seen);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${what} did not happen within ${ms / 1000} s`));
      }, ms);
      this.waiting.add(look);
    });
  }

  /** The first message since `from` whose topic ends so, from (`up`) or to (`down`) the device. */
  message(direction: TraceMessage["direction"], ending: string, from = 0): Promise<TraceMessage> {
    return this.wait(
      `a message ${direction} on …${ending}`,
      from,
      (seen): seen is { kind: "message" } & TraceMessage =>
        seen.kind === "message" && seen.direction === direction && seen.topic.endsWith(ending),
    );
  }

  private add(seen: Seen): void {
    this.seen.push(seen);
    for (const look of [...this.waiting]) look(seen);
  }
}
