/**
 * One upload: announced, sent block by block with one in flight, repeated where no answer comes,
 * continued where the platform stands after a lost connection. Told what comes and when it is due;
 * sends by its owner.
 * @module
 */
import { device } from "#board";
import { logWarn } from "../../debug/log.ts";
import { Crc64 } from "../../digest/crc64.ts";
import { parseJson, toJson } from "../../text/json.ts";
import { toBytes } from "../../text/utf8.ts";
import { REPLY_TIMEOUT, UPLOAD_UNFIT } from "../codes.ts";
import { blockFrame } from "./upload-frame.ts";
import type { BlockSource } from "./upload-source.ts";

/** Limits of an upload; times in ms. */
export const UPLOAD_LIMITS = {
  /** For an answer. */
  answer: 10000,
  /** Tries in a row of the same request. */
  tries: 5,
  /** How often it asks anew where the platform has forgotten it, or stands elsewhere. */
  restarts: 2,
};

/** The platform's codes that an upload goes on after. */
const OFFSET_UNEQUAL = 78119;
const BLOCK_CRC = 78121;
const NO_UPLOAD = 78122;
const FINISHED = 78124;
const DUPLICATE = 78126;
const BUSY = [429, 500, 78127];

/** The platform takes no smaller block, but for the last one. */
const LEAST_BLOCK = 256;
const BLOCK = 2048;
/** Bytes of one turn of the CRC-64. */
const CRC_TURN = 128;

export interface TransferOwner {
  /** Publishes on `thing/file/upload/mqtt/{kind}`. */
  send(kind: string, payload: string): void;
  /** An id for a message. */
  newId(): string;
  progressed(sent: number, size: number): void;
  ended(code: number, message: string): void;
}

export class Transfer {
  private timer = 0;
  private isOnline = false;
  private uploadId = "";
  private readonly uid: string;
  /** Where the block in flight begins, and its bytes; -1: none is. */
  private offset = 0;
  private bytes = -1;
  private isLast = false;
  private tries = 0;
  /** Why the last try has failed. */
  private code = REPLY_TIMEOUT;
  private trouble = "no answer";
  private restarts = 0;
  private crc: Crc64 | undefined;
  private crcAt = 0;
  private readonly blockBytes: number;

  /**
   * @param conflict the application's strategy
   * @param ficValue CRC-64 of the whole file in hexadecimal, or empty: not checked
   * @param blockBytes wanted; at most twice the board's measure, at least 256
   */
  constructor(
    private readonly owner: TransferOwner,
    readonly name: string,
    private readonly source: BlockSource,
    private conflict: string,
    private ficValue: string,
    blockBytes: number | undefined,
  ) {
    const most = 2 * device.blockBytes;
    this.blockBytes = Math.max(LEAST_BLOCK, Math.min(blockBytes || BLOCK, most));
    this.uid = owner.newId();
  }

  /** Begins; with `check`, the source is read once before for its CRC-64. */
  start(isOnline: boolean, check: boolean): void {
    this.isOnline = isOnline;
    if (check) this.crc = new Crc64();
    this.later(0);
  }

  /** Logged on and subscribed: goes on where the platform stands. */
  online(): void {
    this.isOnline = true;
    this.tries = 0;
    // Of the last block only its answer may be missing: the platform says so when it comes again.
    if (this.uploadId && !this.isLast) this.askAnew();
    this.later(0);
  }

  offline(): void {
    this.isOnline = false;
    this.arm(0);
  }

  /** Ends it without a word to the owner; the platform is told, where it knows of it. */
  cancel(): void {
    this.arm(0);
    if (!this.uploadId || !this.isOnline) return;
    const params = { uploadId: this.uploadId };
    this.owner.send("cancel", toJson({ id: this.owner.newId(), params: params }));
  }

  /** Takes an answer, as bytes. `kind`: what it answers. */
  accept(kind: string, payload: string): void {
    let reply: any;
    try {
      reply = parseJson(payload);
    } catch (error) {
      logWarn("ali", "an answer to an upload: " + (error as Error).message);
      return;
    }
    const data = reply.data || {};
    const text = "" + (reply.message || "");
    if (kind === "init") this.begun(reply.code, text, data);
    else if (kind === "send") this.taken(reply.code, text, data);
  }

  /** The timer's call: sends, or finds that no answer came. */
  onTime(): void {
    this.timer = 0;
    if (this.crc) {
      this.checkOn(this.crc);
      return;
    }
    if (!this.isOnline) return;
    if (this.tries >= UPLOAD_LIMITS.tries) {
      this.end(this.code, this.trouble + " at " + this.offset + ", tried " + this.tries + " times");
      return;
    }
    this.tries++;
    // First, for the answer may come before `send` returns.
    this.later(UPLOAD_LIMITS.answer);
    if (this.uploadId) this.sendBlock();
    else this.announce();
  }

  private announce(): void {
    const params: any = {
      fileName: this.name,
      fileSize: this.source.size,
      conflictStrategy: this.conflict,
      initUid: this.uid,
    };
    if (this.ficValue) {
      params.ficMode = "crc64";
      params.ficValue = this.ficValue;
    }
    this.owner.send("init", toJson({ id: this.owner.newId(), params: params }));
  }

  private begun(code: number, text: string, data: any): void {
    // One that comes late, or twice.
    if (this.uploadId || data.fileName !== this.name) return;
    if (code !== 200) {
      this.failed(code, text);
      return;
    }
    this.uploadId = "" + data.uploadId;
    this.offset = data.offset || 0;
    this.next();
  }

  private taken(code: number, text: string, data: any): void {
    if (!this.uploadId || data.uploadId !== this.uploadId || this.bytes < 0) return;
    // A frame that could not be read is answered without an offset.
    if (data.offset !== undefined && data.offset !== this.offset) return;
    if (code === FINISHED || (code === 200 && (data.complete || this.isLast))) {
      this.offset += this.bytes;
      this.report();
      this.end(200, text);
    } else if (code === 200 || code === DUPLICATE) {
      this.offset += this.bytes;
      this.report();
      this.next();
    } else if (code === BLOCK_CRC) {
      this.again(code, text);
      this.later(0);
    } else if ((code === OFFSET_UNEQUAL || code === NO_UPLOAD) && this.mayRestart()) {
      this.askAnew();
      this.later(0);
    } else this.failed(code, text);
  }

  private mayRestart(): boolean {
    return this.restarts++ < UPLOAD_LIMITS.restarts;
  }

  /** The next block is due. */
  private next(): void {
    this.tries = 0;
    this.code = REPLY_TIMEOUT;
    this.trouble = "no answer";
    this.bytes = -1;
    this.later(0);
  }

  /** Asks where the platform stands: the next request is `init`. */
  private askAnew(): void {
    this.uploadId = "";
    this.conflict = "append";
    this.bytes = -1;
    this.isLast = false;
  }

  private sendBlock(): void {
    const size = this.source.size;
    const wanted = size < 0 ? this.blockBytes : Math.min(this.blockBytes, size - this.offset);
    let block: string;
    try {
      block = toBytes("" + this.source.read(this.offset, wanted));
    } catch (error) {
      this.unfit("the source failed at " + this.offset + ": " + (error as Error).message);
      return;
    }
    const bytes = block.length;
    if (bytes > wanted || (size >= 0 && bytes < wanted)) {
      this.unfit("the source gave " + bytes + " bytes at " + this.offset + ", asked for " + wanted);
      return;
    }
    this.bytes = bytes;
    this.isLast = size < 0 ? bytes < wanted : this.offset + bytes >= size;
    const params: any = { uploadId: this.uploadId, offset: this.offset, bSize: bytes };
    if (size < 0) params.isComplete = this.isLast;
    this.owner.send("send", blockFrame(this.owner.newId(), params, block));
  }

  /** One turn of the CRC-64. */
  private checkOn(crc: Crc64): void {
    const length = Math.min(CRC_TURN, this.source.size - this.crcAt);
    try {
      const piece = toBytes("" + this.source.read(this.crcAt, length));
      if (piece.length !== length) throw new Error("it is shorter than its size");
      crc.update(piece);
    } catch (error) {
      this.unfit("the source failed at " + this.crcAt + ": " + (error as Error).message);
      return;
    }
    this.crcAt += length;
    if (this.crcAt >= this.source.size) {
      this.ficValue = crc.hex;
      this.crc = undefined;
    }
    this.later(0);
  }

  private report(): void {
    this.owner.progressed(this.offset, this.source.size);
  }

  /** Passing troubles are tried again after a while, others end it. */
  private failed(code: number, text: string): void {
    if (BUSY.indexOf(code) >= 0) this.again(code, text);
    else this.end(code, text);
  }

  /** Why there is another try. */
  private again(code: number, text: string): void {
    this.code = code;
    this.trouble = text;
    logWarn("ali", "upload of " + this.name + " at " + this.offset + ": " + text);
  }

  private unfit(text: string): void {
    this.cancel();
    this.end(UPLOAD_UNFIT, text);
  }

  private end(code: number, message: string): void {
    this.arm(0);
    this.isOnline = false;
    this.owner.ended(code, message);
  }

  private later(ms: number): void {
    this.arm(setTimeout(onTime, ms, this));
  }

  private arm(timer: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = timer;
  }
}

/** The timers' function: one for all, as a closure would hold what it works for. */
function onTime(transfer: Transfer): void {
  transfer.onTime();
}
