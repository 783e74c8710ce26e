/**
 * Downloads one file in blocks over MQTT (`thing/file/download`).
 * @module
 */
import type { Failure } from "./failure.ts";
import type { Sink } from "./sink.ts";

export class BlockDownload {
  /**
   * @param ask publishes the request for `bytes` bytes at `offset`; false when not online
   * @param blockBytes most bytes of a block
   * @param done called once: `null` when the sink has all bytes, else why not
   */
  constructor(
    readonly ask: (offset: number, bytes: number) => boolean,
    readonly blockBytes: number,
    readonly sink: Sink,
    readonly done: (failure: Failure | null) => void,
  ) {}

  /** Starts at `sink.position`. Nothing is called back before it returns. */
  start(): void {}

  /** The device is online again: asks at once where an answer can't come any more. */
  resume(): void {}

  /** Takes the payload of a `download_reply`, as bytes. */
  accept(_payload: string): void {}

  /** Ends it; `done` is not called any more. */
  stop(): void {}
}
