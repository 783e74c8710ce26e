/**
 * Fetches the file that comes with a job: over HTTP or HTTPS into memory, and no byte of it is handed
 * over before its digest fits.
 * @module
 */
import { digestOf } from "../../digest/digest-of.ts";
import { HttpDownload } from "../../http/download.ts";
import {
  type DownloadFailure,
  type DownloadOwner,
  REFUSED,
  type Sink,
  TAKEN,
  UNKNOWN_SIZE,
} from "../../http/sink.ts";
import type { JobFile } from "./jobs.ts";

/** Bytes of a file unless the application says otherwise. */
const USUAL_LIMIT = 8192;

/** What came of it. */
export interface FetchedFile {
  /** The file's bytes; undefined where it could not be had. */
  bytes: string | undefined;
  /** Empty, or why not. */
  message: string;
}

class Fetch implements Sink, DownloadOwner {
  size = UNKNOWN_SIZE;
  position = 0;
  private readonly pieces: string[] = [];

  constructor(
    private readonly file: JobFile,
    private readonly maxBytes: number,
    private readonly settle: (fetched: FetchedFile) => void,
  ) {
    new HttpDownload(file.fileUrl, this, this).start();
  }

  announced(size: number): void {
    this.size = size;
  }

  accept(bytes: string): number {
    if (this.size > this.maxBytes) return REFUSED;
    this.pieces.push(bytes);
    this.position += bytes.length;
    return TAKEN;
  }

  downloaded(failure: DownloadFailure | null): void {
    if (failure) this.fail(failure.text);
    else if (this.position < this.size) {
      this.fail("the file has " + this.size + " bytes: at most " + this.maxBytes + " are taken");
    } else {
      // In one piece where there is room, for the digest.
      const text = "" + E.toString(this.pieces.join(""), "");
      digestOf(text, this.file.signMethod, (digest) => this.check(text, digest));
    }
  }

  private check(text: string, digest: string): void {
    if (digest === ("" + this.file.sign).toLowerCase()) this.settle({ bytes: text, message: "" });
    else this.fail("the file's digest is not the announced one");
  }

  private fail(text: string): void {
    this.settle({ bytes: undefined, message: text });
  }
}

/**
 * Fetches a job's file of at most `maxBytes`, which all are in memory; goes on after a break. With
 * `Md5`, checking takes an estimated second a KB on an ESP32, in turns.
 */
export function fetchJobFile(file: JobFile, maxBytes = USUAL_LIMIT): Promise<FetchedFile> {
  return new Promise((resolve) => {
    new Fetch(file, maxBytes, resolve);
  });
}
