/**
 * One run of one package: download into the slot, digests over what is in flash, the image's own
 * checks. It ends with a failure or with an image that may be tried.
 * @module
 */
import { device } from "#board";
import type { AliIot } from "../ali/aliiot.ts";
import { md5Of } from "../digest/md5-turns.ts";
import { HttpDownload } from "../http/download.ts";
import type { DownloadFailure, DownloadOwner, Sink } from "../http/sink.ts";
import type { Slot } from "../store/containers.ts";
import { BlockDownload, type BlockOwner } from "./blocks.ts";
import { DOWNLOAD_FAILED, type Failure, VERIFY_FAILED } from "./failure.ts";
import { HEADER_BYTES, isSigned, parseHeader } from "./image.ts";
import type { OtaPackage } from "./package.ts";
import type { Plan } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { type PlacedFile, Staging, type StagingOwner } from "./staging.ts";
import { checkSignature, sha256Hex } from "./verify.ts";

/** Per cent of the work that the download is. */
const DOWNLOAD_SHARE = 90;
const MD5_DIGITS = 32;

interface Stoppable {
  stop(): void;
}

export interface UpdateOwner {
  /** Called once: `null` when the image may be tried, else why not. */
  updated(failure: Failure | null): void;
}

export class Update implements StagingOwner, BlockOwner {
  private readonly pkg: OtaPackage;
  private readonly slot: Slot;
  private readonly staging: Staging;
  private readonly progress: Progress;
  private readonly server: AliIot;
  private readonly owner: UpdateOwner;
  private work: Stoppable | undefined;
  private blocks: BlockDownload | undefined;
  private stopped: boolean | undefined;

  /** `security`: of the board; images below are refused. */
  constructor(
    pkg: OtaPackage,
    slot: Slot,
    plan: Plan,
    security: number,
    progress: Progress,
    server: AliIot,
    owner: UpdateOwner,
  ) {
    this.pkg = pkg;
    this.slot = slot;
    this.staging = new Staging(pkg, slot, device.flash.page, plan, security, this);
    this.progress = progress;
    this.server = server;
    this.owner = owner;
  }

  start(): void {
    if (!this.staging.resume()) {
      this.end(this.staging.failure as Failure);
      return;
    }
    this.next();
  }

  /** Ends it without a word. */
  stop(): void {
    this.stopped = true;
    if (this.work) this.work.stop();
    this.work = undefined;
  }

  /** Takes a reply to a question for a block. */
  acceptBlock(payload: string): void {
    if (this.blocks) this.blocks.accept(payload);
  }

  private end(failure: Failure | null): void {
    if (this.stopped) return;
    this.stop();
    this.owner.updated(failure);
  }

  private next(): void {
    const placed = this.staging.next();
    if (!placed) {
      this.check();
      return;
    }
    const blocks = this.pkg.stream ? openBlocks(this, this.staging) : undefined;
    const work = blocks || openHttp(placed.file.url, this.staging, this);
    this.blocks = blocks;
    this.work = work;
    work.start();
  }

  reached(): void {
    const percent = (DOWNLOAD_SHARE * this.staging.bytes) / this.pkg.size;
    this.progress.reach(percent, "downloading");
  }

  askBlock(offset: number, bytes: number): boolean {
    if (!this.server.status) return false;
    // At QoS 0, for who asks asks again.
    const port = this.server.port;
    port.exchange.ask(port.topics.sys + "thing/file/download", {
      fileToken: "default",
      fileInfo: this.pkg.stream,
      fileBlock: { size: bytes, offset: offset },
    });
    return true;
  }

  downloaded(failure: DownloadFailure | null): void {
    this.work = undefined;
    this.blocks = undefined;
    const refused = this.staging.failure;
    if (refused) this.end(refused);
    // Also for blocks over MQTT, where the C SDK reports -4: that is for writing to flash.
    else if (failure) this.end(Object.assign({ step: DOWNLOAD_FAILED }, failure));
    else if (!this.stopped) this.next();
  }

  /** Everything that can be checked. @brief */
  private check(): void {
    this.verify(0);
  }

  /** Digests of the platform over what is in flash, file after file. */
  private verify(index: number): void {
    this.progress.reach(DOWNLOAD_SHARE, "verifying");
    const files = this.staging.files;
    const slot = this.slot;
    while (index < files.length && files[index].file.digest.length > MD5_DIGITS) {
      const one = files[index++];
      if (!this.fits(one, "SHA-256", sha256Hex(slot.read(one.offset, one.file.size)))) return;
    }
    if (index === files.length) {
      this.verifyImage();
      return;
    }
    const placed = files[index];
    const read = (offset: number, length: number) => slot.read(offset, length);
    this.work = md5Of(read, placed.offset, placed.file.size, (digest) => {
      this.work = undefined;
      if (this.fits(placed, "MD5", digest)) this.verify(index + 1);
    });
  }

  private fits(placed: PlacedFile, method: string, digest: string): boolean {
    if (digest === placed.file.digest) return true;
    this.refuse(method + ' of file "' + placed.file.name + '" in flash is ' + digest);
    return false;
  }

  private verifyImage(): void {
    const body = sha256Hex(this.slot.read(HEADER_BYTES, this.staging.bodySize));
    const pkg = this.pkg;
    if (!this.staging.finish(pkg.module, pkg.version, device.name, body)) {
      this.end(this.staging.failure as Failure);
      return;
    }
    const head = this.slot.read(0, HEADER_BYTES);
    const keys = device.keys;
    let why = "";
    try {
      if (parseHeader(head).sha256 !== body) why = "the image's SHA-256 doesn't fit its header";
      else if (keys.length > 0 && !isSigned(head)) {
        why = "the image is not signed, and this board has a key";
      }
    } catch (error) {
      why = (error as Error).message;
    }
    if (why) this.refuse(why);
    else if (keys.length === 0) this.end(null);
    else {
      this.work = checkSignature(head, keys, (good) => {
        this.work = undefined;
        if (good) this.end(null);
        else this.refuse("the image's signature is of no key of this board");
      });
    }
  }

  /** The files are there, but are not what they should be. */
  private refuse(text: string): void {
    this.end({ step: VERIFY_FAILED, text: text });
  }
}

// An update comes one way only: the other's code needs not be in memory.

/** @brief */
function openBlocks(owner: BlockOwner, sink: Sink): BlockDownload {
  return new BlockDownload(owner, device.blockBytes, sink);
}

/** @brief */
function openHttp(url: string, sink: Sink, owner: DownloadOwner): HttpDownload {
  return new HttpDownload(url, sink, owner);
}
