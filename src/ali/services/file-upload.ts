/**
 * Uploads of files to the platform over MQTT (`thing/file/upload/mqtt/…`, Ali "Upload files over
 * MQTT"): seen there in the console, and by `QueryDeviceFile`.
 * @module
 */
import { describeError, logError } from "../../debug/log.ts";
import type { AliIot } from "../aliiot.ts";
import { UPLOAD_BUSY, UPLOAD_CANCELLED, UPLOAD_UNFIT } from "../codes.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import { type BlockSource, openSource, type UploadSource } from "./upload-source.ts";
import { Transfer, type TransferOwner } from "./upload-transfer.ts";

const PATH = "thing/file/upload/mqtt/";
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.]*$/;
const LONGEST_NAME = 100;
/** 16 MB. */
const LARGEST = 0x1000000;

export interface UploadOptions {
  /**
   * Where the platform has a file of this name: `overwrite` it (as by default), `append` what is
   * missing to an upload that was not finished within 24 h, also one before a restart, or `reject`.
   */
  conflict?: "overwrite" | "append" | "reject";
  /** Bytes of a block: 256 to 2048, as by default. */
  blockBytes?: number;
  /**
   * Has the platform check the whole file by its CRC-64: true computes it first (half a second a KB
   * on an ESP32, in turns), a text of 16 hexadecimal digits is taken as it is. Without it, each block
   * is checked by a CRC-16. Not for a source of unknown size.
   */
  crc64?: boolean | string;
}

/** What came of an upload. */
export interface UploadResult {
  /**
   * 200: the platform has the file. The platform's refusals: 460 a parameter, or no room for more
   * files; 78117 more than 16 MB; 78123 a file of this name is there; 78125 the CRC-64 is wrong. Ours
   * (`ali/codes`): 32 no answer to 5 tries, 40 cancelled, 41 another upload runs, 42 name or source.
   */
  code: number;
  /** The platform's words, or why. */
  message: string;
}

/** Hears of each block that has arrived: bytes there, and in all (-1: unknown). */
export type UploadListener = (sent: number, size: number, name: string) => void;

/**
 * The device's uploads, one at a time.
 * @public
 */
export class FileUpload implements Service, TransferOwner {
  private readonly port: Port;
  private readonly path: string;
  private transfer: Transfer | undefined;
  private settle: ((result: UploadResult) => void) | undefined;
  private listener: UploadListener | undefined;

  constructor(private readonly server: AliIot<any>) {
    this.port = server.port;
    this.path = this.port.topics.sys + PATH;
    this.port.attach(this);
    this.port.subscribe(this.path + "init_reply");
    this.port.subscribe(this.path + "send_reply");
    this.port.subscribe(this.path + "cancel_reply");
  }

  /** Sets the listener for progress. */
  onProgress(listener: UploadListener): void {
    this.listener = listener;
  }

  /**
   * Uploads a file: at most 100 letters, digits, `_` and `.` for its name, a letter or digit first; 1
   * byte to 16 MB. A lost connection only delays it, for it goes on where the platform stands; while
   * the device is offline it waits.
   */
  upload(name: string, source: UploadSource, options: UploadOptions = {}): Promise<UploadResult> {
    if (this.transfer)
      return refuse(UPLOAD_BUSY, 'the upload of "' + this.transfer.name + '" runs');
    let opened: BlockSource;
    try {
      opened = openSource(source);
      checkUpload(name, opened.size);
    } catch (error) {
      return refuse(UPLOAD_UNFIT, (error as Error).message);
    }
    const result = new Promise<UploadResult>((settle) => {
      this.settle = settle;
    });
    const check = opened.size > 0 ? options.crc64 : undefined;
    const ficValue = typeof check === "string" ? check : "";
    const conflict = options.conflict || "overwrite";
    const blockBytes = options.blockBytes;
    this.transfer = new Transfer(this, name, opened, conflict, ficValue, blockBytes);
    this.transfer.start(this.server.status, check === true);
    return result;
  }

  /** Ends the upload that runs, here and on the platform; false when none does. */
  cancel(): boolean {
    if (!this.transfer) return false;
    this.transfer.cancel();
    this.ended(UPLOAD_CANCELLED, "cancelled");
    return true;
  }

  accept(topic: string, payload: string): boolean {
    if (!topic.startsWith(this.path)) return false;
    // Without "_reply".
    const kind = topic.substr(this.path.length, topic.length - this.path.length - 6);
    if (this.transfer) this.transfer.accept(kind, payload);
    return true;
  }

  online(): void {
    if (this.transfer) this.transfer.online();
  }

  offline(): void {
    if (this.transfer) this.transfer.offline();
  }

  /** @internal */
  send(kind: string, payload: string): void {
    this.port.exchange.publish(this.path + kind, payload, 0);
  }

  /** @internal */
  newId(): string {
    return this.port.exchange.newId();
  }

  /** @internal */
  progressed(sent: number, size: number): void {
    if (!this.listener || !this.transfer) return;
    try {
      this.listener(sent, size, this.transfer.name);
    } catch (error) {
      logError("ali", "the upload's listener failed: " + describeError(error));
    }
  }

  /** @internal */
  ended(code: number, message: string): void {
    const settle = this.settle;
    this.transfer = undefined;
    this.settle = undefined;
    if (settle) settle({ code: code, message: message });
  }
}

function refuse(code: number, message: string): Promise<UploadResult> {
  return Promise.resolve({ code: code, message: message });
}

/** Throws an Error that says what does not fit. */
function checkUpload(name: string, size: number): void {
  if (typeof name !== "string" || name.length > LONGEST_NAME || !NAME.test(name)) {
    throw new Error(
      'the name "' + name + '" does not fit: up to 100 letters, digits, _ and . expected',
    );
  }
  if (typeof size !== "number" || size === 0 || size < -1) {
    throw new Error("the source has " + size + " bytes: at least 1 expected, or -1 for unknown");
  }
  if (size > LARGEST) throw new Error("the source has more than 16 MB");
}
