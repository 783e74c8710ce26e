/**
 * Downloads one file over HTTP or HTTPS, and goes on after every break.
 * @module
 */
import type { Failure } from "./failure.ts";
import type { Sink } from "./sink.ts";

export class HttpDownload {
  /** @param done called once: `null` when the sink has all bytes, else why not */
  constructor(
    readonly url: string,
    readonly sink: Sink,
    readonly done: (failure: Failure | null) => void,
  ) {}

  /** Starts at `sink.position`. Nothing is called back before it returns. */
  start(): void {}

  /** Ends it at once; `done` is not called any more. */
  stop(): void {}
}
