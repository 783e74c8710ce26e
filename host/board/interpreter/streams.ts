/**
 * Streams of data to a script: `data` listeners are called at once; without one a little is kept
 * for `read`, and for the first listener that comes.
 * @module
 */
import type { ErrorFlag } from "./flags.ts";
import type { Value } from "./realm.ts";

/** What a stream without a listener keeps, past its first piece. */
const keptBytes = 512;

/** What streams need of the interpreter. */
interface StreamOwner {
  call(callback: Value, self: Value, args: Value[]): boolean;
  emit(target: Value, event: string, ...args: Value[]): boolean;
  flag(...flags: ErrorFlag[]): void;
}

/** The streams of one run: sockets and serial ports. */
export class Streams {
  private readonly kept = new WeakMap<object, string>();

  constructor(private readonly core: StreamOwner) {}

  /**
   * Hands a piece to the listeners, or keeps it.
   * @param force keep what fits and drop the rest, with the flag BUFFER_FULL
   * @returns whether the piece was taken
   */
  push(stream: Value, data: string, force: boolean): boolean {
    const listeners = stream["#ondata"];
    if (listeners !== undefined) {
      this.core.call(listeners, stream, [data]);
      return true;
    }
    const kept = this.kept.get(stream) ?? "";
    if (kept === "") {
      this.kept.set(stream, data);
      return true;
    }
    const fits = kept.length + data.length <= keptBytes;
    if (!fits && force) this.core.flag("BUFFER_FULL");
    if (fits || force)
      this.kept.set(stream, kept + data.slice(0, Math.max(keptBytes - kept.length, 0)));
    return fits;
  }

  /** A `data` listener was added: it gets what was kept. */
  listened(stream: Value): void {
    const kept = this.kept.get(stream) ?? "";
    if (kept === "") return;
    this.kept.delete(stream);
    this.core.emit(stream, "data", kept);
  }

  available(stream: Value): number {
    return (this.kept.get(stream) ?? "").length;
  }

  /** Takes bytes out; 0: all of them. */
  read(stream: Value, count: number): string {
    const kept = this.kept.get(stream) ?? "";
    const taken = count > 0 ? kept.slice(0, count) : kept;
    this.kept.set(stream, kept.slice(taken.length));
    return taken;
  }
}
