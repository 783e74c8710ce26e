/**
 * Downloads one file in blocks over MQTT (`thing/file/download`, Ali "download files over MQTT"): one
 * request in flight, each block checked before the sink gets it.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import { crc16 } from "../digest/crc16.ts";
import { type DownloadFailure, type DownloadOwner, REFUSED, type Sink } from "../http/sink.ts";
import { parseJson } from "../text/json.ts";

/** Where blocks come, below `/sys/{productKey}/{deviceName}/`. */
export const FILE_REPLY = "thing/file/download_reply";

/** Limits; times in ms. */
export const BLOCK_LIMITS = {
  /** For an answer; also between requests that could not be sent. */
  answer: 10000,
  /** After an answer that is an error. */
  pause: 1000,
  /** Failures in a row. */
  tries: 3,
};

/** Bytes that the sink gets at a time: what it copies is in memory beside the block. */
const PIECE = 512;
const LONGEST_TEXT = 80;
/** The platform refuses to send less: the last block of a file may bring bytes that are there already. */
const LEAST_BLOCK = 256;

export interface BlockOwner extends DownloadOwner {
  /** Publishes the request for `bytes` bytes at `offset`; false when not online. */
  askBlock(offset: number, bytes: number): boolean;
}

export class BlockDownload {
  private running = false;
  private timer = 0;
  /** Where the block in flight begins, and its bytes; -1: none is. */
  private offset = -1;
  private bytes = 0;
  private failures = 0;

  /** `blockBytes`: most bytes of a block. */
  constructor(
    private readonly owner: BlockOwner,
    private readonly blockBytes: number,
    private readonly sink: Sink,
  ) {}

  /** Starts at `sink.position`. Nothing is called back before it returns. */
  start(): void {
    this.running = true;
    this.later(0);
  }

  /** The device is online again: what was in flight is lost, so it is asked for anew. */
  resume(): void {
    if (!this.running) return;
    this.offset = -1;
    this.later(0);
  }

  /** Takes the payload of a `download_reply`, as bytes; one that was not asked for is ignored. */
  accept(payload: string): void {
    if (!this.running || this.offset < 0) return;
    const header = 2 + (payload.charCodeAt(0) << 8) + payload.charCodeAt(1);
    let data: any;
    let fault = "";
    // Also when the lengths are missing, for then they are NaN.
    if (!(header <= payload.length)) fault = "its header is cut";
    else {
      try {
        const reply = parseJson(payload.substr(2, header - 2));
        data = reply.data;
        if (reply.code !== 200) {
          const text = "" + (reply.msg || reply.message || "no text");
          this.failed(
            "code " + reply.code + ": " + text.substr(0, LONGEST_TEXT),
            BLOCK_LIMITS.pause,
          );
          return;
        }
        // An answer that comes late, or twice.
        if (data.bOffset !== this.offset) return;
        fault = this.check(payload, header, data);
      } catch (_) {
        fault = "its header is not what is expected";
      }
    }
    if (fault) this.failed("a bad block: " + fault, 0);
    else this.take(payload, header, data.bSize);
  }

  /** Ends it; `done` is not called any more. */
  stop(): void {
    this.running = false;
    this.arm(0);
  }

  /** The timer's call: what was asked for did not come, or the next block is to be asked for. */
  onTime(): void {
    this.timer = 0;
    if (this.offset >= 0) this.failed("no answer in " + BLOCK_LIMITS.answer / 1000 + " s", 0);
    else this.next();
  }

  private next(): void {
    const size = this.sink.size;
    let offset = this.sink.position;
    let bytes = Math.min(this.blockBytes, size - offset);
    if (bytes <= 0) {
      this.end(null);
      return;
    }
    if (bytes < LEAST_BLOCK) {
      bytes = LEAST_BLOCK;
      offset = Math.max(0, size - bytes);
    }
    // First, for the answer may come before `ask` returns.
    this.offset = offset;
    this.bytes = bytes;
    this.later(BLOCK_LIMITS.answer);
    if (!this.owner.askBlock(offset, bytes)) this.offset = -1;
  }

  /** What is wrong with a block, empty when nothing is. */
  private check(payload: string, header: number, data: any): string {
    const size = data.bSize;
    if (data.fileLength !== this.sink.size) {
      return "the file has " + data.fileLength + " bytes, not " + this.sink.size;
    }
    if (!(size > this.sink.position - this.offset && size <= this.bytes)) {
      return size + " bytes, asked for " + this.bytes;
    }
    const end = header + size;
    if (payload.length !== end + 2) {
      return payload.length - header - 2 + " bytes came, " + size + " are announced";
    }
    const crc = payload.charCodeAt(end) | (payload.charCodeAt(end + 1) << 8);
    return crc === crc16(payload.substr(header, size)) ? "" : "its CRC-16 is wrong";
  }

  private take(payload: string, start: number, size: number): void {
    let result = 0;
    let at = this.sink.position - this.offset;
    this.offset = -1;
    this.failures = 0;
    for (; at < size && !result; at += PIECE) {
      result = this.sink.accept(payload.substr(start + at, Math.min(PIECE, size - at)));
      if (!this.running) return;
    }
    // A rewind has moved the sink's position: the next block begins there.
    if (result === REFUSED) this.end(null);
    else this.later(0);
  }

  private failed(text: string, pause: number): void {
    this.offset = -1;
    if (++this.failures < BLOCK_LIMITS.tries) {
      logWarn("ota", "block at " + this.sink.position + ": " + text);
      this.later(pause);
      return;
    }
    this.end({
      text: "block at " + this.sink.position + " failed " + BLOCK_LIMITS.tries + " times: " + text,
    });
  }

  private end(failure: DownloadFailure | null): void {
    this.stop();
    this.owner.downloaded(failure);
  }

  private later(ms: number): void {
    this.arm(setTimeout(onTime, ms, this));
  }

  private arm(timer: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = timer;
  }
}

function onTime(download: BlockDownload): void {
  download.onTime();
}
