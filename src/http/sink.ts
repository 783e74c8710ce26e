/**
 * Where the bytes of a downloaded file go.
 * @module
 */

/** Why a download ended without the file. */
export interface DownloadFailure {
  /** What a person understands; no address beyond host and path, no secrets. */
  text: string;
  /** HTTP 403: a fresh address may help. */
  expired?: boolean;
}

/** The bytes were taken. */
export const TAKEN = 0;
/** `position` moved back: ask again from there. */
export const REWIND = 1;
/** The sink has recorded why it takes no more: stop. */
export const REFUSED = 2;

/** `size` of a sink until it is told. */
export const UNKNOWN_SIZE = 0x40000000;

export interface Sink {
  /** Bytes of the file. */
  readonly size: number;
  /** Tells a sink that does not know it what the server says of the file's size, at each answer. */
  announced?(bytes: number): void;
  /** Next wanted byte of the file, from 0; `size` when all are there. */
  readonly position: number;
  /** Takes the bytes at `position`, never more than are missing; gives one of this module's constants. */
  accept(bytes: string): number;
}

export interface DownloadOwner {
  /** Called once: `null` when the sink has all bytes or has refused some, else why not. */
  downloaded(failure: DownloadFailure | null): void;
}
