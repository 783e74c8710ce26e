/**
 * One run of one package: download into the slot, digests over what is in flash, the image's own
 * checks. It ends with a failure or with an image that may be tried.
 * @module
 */
import { device } from "#board";
import { logInfo } from "../debug/log.ts";
import type { Slot } from "../store/containers.ts";
import { BlockDownload } from "./blocks.ts";
import { type Failure, VERIFY_FAILED } from "./failure.ts";
import { HttpDownload } from "./http.ts";
import { HEADER_BYTES, isSigned, parseHeader } from "./image.ts";
import type { OtaPackage } from "./package.ts";
import type { Plan } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { type Admit, type PlacedFile, Staging } from "./staging.ts";
import { checkSignature, md5Of, sha256Hex } from "./verify.ts";

/** Per cent of the work that the download is. */
const DOWNLOAD_SHARE = 90;

/** Asks the platform for a block of a package (`thing/file/download`); false: not online. */
export type AskBlock = (offset: number, bytes: number) => boolean;

interface Stoppable {
  stop(): void;
}

export class Update {
  private readonly pkg: OtaPackage;
  private readonly slot: Slot;
  private readonly staging: Staging;
  private readonly progress: Progress;
  private readonly ask: AskBlock;
  private readonly done: (failure: Failure | null) => void;
  private work: Stoppable | undefined;
  private blocks: BlockDownload | undefined;
  private stopped = false;

  constructor(
    pkg: OtaPackage,
    slot: Slot,
    plan: Plan,
    admit: Admit,
    progress: Progress,
    ask: AskBlock,
    done: (failure: Failure | null) => void,
  ) {
    this.pkg = pkg;
    this.slot = slot;
    this.staging = new Staging(pkg, slot, device.flash.page, plan, admit);
    this.progress = progress;
    this.ask = ask;
    this.done = done;
  }

  start(): void {
    if (!this.staging.resume()) {
      this.end(this.staging.failure as Failure);
      return;
    }
    logInfo("ota", "download of " + this.pkg.version + " from byte " + this.staging.bytes);
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
    this.done(failure);
  }

  private next(): void {
    const placed = this.staging.next();
    if (!placed) {
      this.verify(0);
      return;
    }
    const sink = this.watched();
    const done = (failure: Failure | null) => this.downloaded(failure);
    if (this.pkg.stream) {
      this.blocks = new BlockDownload(this.ask, device.blockBytes, sink, done);
      this.work = this.blocks;
      this.blocks.start();
    } else {
      const download = new HttpDownload(placed.file.url, sink, done);
      this.work = download;
      download.start();
    }
  }

  private downloaded(failure: Failure | null): void {
    this.work = undefined;
    this.blocks = undefined;
    const refused = this.staging.failure;
    if (refused || failure) this.end(refused || failure);
    else if (!this.stopped) this.next();
  }

  /** The staging as a sink that tells how far it is. */
  private watched() {
    const staging = this.staging;
    const progress = this.progress;
    const total = this.pkg.size;
    return {
      get size() {
        return staging.size;
      },
      get position() {
        return staging.position;
      },
      accept: (bytes: string) => {
        const result = staging.accept(bytes);
        progress.reach((DOWNLOAD_SHARE * staging.bytes) / total, "downloading");
        return result;
      },
    };
  }

  /** Digests of the platform over what is in flash, file after file. */
  private verify(index: number): void {
    this.progress.reach(DOWNLOAD_SHARE, "verifying");
    const files = this.staging.files;
    while (!this.pkg.md5 && index < files.length) {
      const placed = files[index];
      const digest = sha256Hex(this.slot.read(placed.offset, placed.file.size));
      if (!this.fits(placed, "SHA-256", digest)) return;
      index++;
    }
    if (index === files.length) {
      this.verifyImage();
      return;
    }
    const placed = files[index];
    const read = (offset: number, length: number) => this.slot.read(offset, length);
    this.work = md5Of(read, placed.offset, placed.file.size, (digest) => {
      this.work = undefined;
      if (this.fits(placed, "MD5", digest)) this.verify(index + 1);
    });
  }

  private fits(placed: PlacedFile, method: string, digest: string): boolean {
    if (digest === placed.file.digest) return true;
    const text = method + ' of file "' + placed.file.name + '" in flash is ' + digest;
    this.end({ step: VERIFY_FAILED, text: text });
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
    try {
      if (parseHeader(head).sha256 !== body) {
        this.end({ step: VERIFY_FAILED, text: "the image's SHA-256 doesn't fit its header" });
        return;
      }
    } catch (error) {
      this.end({ step: VERIFY_FAILED, text: (error as Error).message });
      return;
    }
    if (device.keys.length === 0) {
      this.end(null);
      return;
    }
    if (!isSigned(head)) {
      this.end({ step: VERIFY_FAILED, text: "the image is not signed, and this board has a key" });
      return;
    }
    this.work = checkSignature(head, device.keys, (good) => {
      this.work = undefined;
      this.end(
        good
          ? null
          : { step: VERIFY_FAILED, text: "the image's signature is of no key of this board" },
      );
    });
  }
}
