/**
 * Where a package's files go: into one image in one slot. The header comes first and is judged
 * before a page is erased; a package of bare files gets its header when all of them are there.
 * @module
 */

import { REFUSED, REWIND, type Sink, TAKEN } from "../http/sink.ts";
import type { Slot } from "../store/containers.ts";
import { erasePage, isBlank, writeFlash } from "../store/flash.ts";
import { type Failure, FLASH_FAILED, VERIFY_FAILED } from "./failure.ts";
import { imageMisfit } from "./fitness.ts";
import {
  buildHeader,
  HEADER_BYTES,
  type ImageHeader,
  JSON_BYTES,
  MARK_BYTES,
  parseParts,
  SIGNED_BYTES,
} from "./image.ts";
import { HEADER_FILE, isBare, type OtaPackage, type PackageFile } from "./package.ts";
import type { Plan } from "./plan.ts";
import { type PageOwner, SlotWriter } from "./writer.ts";

/** A file and where it lies in the slot. */
export interface PlacedFile {
  file: PackageFile;
  offset: number;
}

/** Hears of each page that is complete. */
export interface StagingOwner {
  reached(): void;
}

export class Staging implements Sink, PageOwner {
  /** What ended it for good. */
  failure: Failure | undefined;
  /** The files in the order of the slot; those beyond the header once that is known. */
  files: PlacedFile[] = [];
  private readonly pkg: OtaPackage;
  private readonly slot: Slot;
  private readonly page: number;
  private readonly plan: Plan;
  private readonly security: number;
  private readonly owner: StagingOwner;
  private readonly writer: SlotWriter;
  /** Bare files: the header is made here. */
  private readonly bare: boolean;
  /**
   * Beginning of a header that is still on its way: what stands before its JSON, and the JSON;
   * undefined once it is judged, or where it is made here.
   */
  private mark: string | undefined;
  private json: string | undefined;
  /** Next byte of the slot, as far as the present file goes. */
  private at = 0;
  private current: PlacedFile | undefined;

  /** `security` is the board's counter. */
  constructor(
    pkg: OtaPackage,
    slot: Slot,
    page: number,
    plan: Plan,
    security: number,
    owner: StagingOwner,
  ) {
    this.pkg = pkg;
    this.slot = slot;
    this.page = page;
    this.plan = plan;
    this.security = security;
    this.owner = owner;
    this.writer = new SlotWriter(slot, page, this);
    const header = pkg.files.filter((file) => file.name === HEADER_FILE)[0];
    this.bare = isBare(pkg);
    if (this.bare) this.placeBare();
    else {
      this.files.push({ file: header || pkg.files[0], offset: 0 });
      this.mark = this.json = "";
    }
  }

  onPage(index: number): void {
    this.at = this.writer.position;
    this.plan.markPage(index);
    this.owner.reached();
  }

  /** Goes to where the slot is complete up to; false: `failure` says why it can't. @brief */
  resume(): boolean {
    const start = this.plan.firstOpenPage * this.page;
    if (this.bare) {
      if (start === 0 && !this.clearHeader()) return false;
      this.at = Math.max(start, HEADER_BYTES);
      this.writer.begin(this.at);
    } else if (start > 0) {
      this.at = start;
      const slot = this.slot;
      if (!this.judge(slot.read(0, MARK_BYTES), slot.read(MARK_BYTES, JSON_BYTES))) return false;
      this.writer.begin(start);
    }
    return true;
  }

  /** The file that is wanted next; undefined when all are there. */
  next(): PlacedFile | undefined {
    this.current = undefined;
    for (const placed of this.files) {
      if (this.at >= placed.offset && this.at < placed.offset + placed.file.size) {
        this.current = placed;
      }
    }
    return this.current;
  }

  /** Bytes of the package that are there. */
  get bytes(): number {
    return this.bare ? this.at - HEADER_BYTES : this.at;
  }

  /** Bytes of the image beyond its header. */
  get bodySize(): number {
    return this.bare ? this.pkg.size : this.pkg.size - HEADER_BYTES;
  }

  /** Of the present file. */
  get size(): number {
    return this.current ? this.current.file.size : 0;
  }

  get position(): number {
    return this.current ? this.at - this.current.offset : 0;
  }

  accept(bytes: string): number {
    if (this.json !== undefined) return this.acceptHeader(bytes, this.json);
    const writer = this.writer;
    const result = writer.write(bytes);
    this.at = writer.position;
    if (!result) return TAKEN;
    this.failure = writer.failure;
    // Pages don't end where files do: a page's start may lie in the file before.
    return result === REWIND && this.position < 0 ? REFUSED : result;
  }

  private acceptHeader(bytes: string, json: string): number {
    // In two parts and without a copy, for this is when most memory is in use.
    let mark = this.mark as string;
    const short = MARK_BYTES - mark.length;
    if (short) {
      mark += bytes.substr(0, short);
      bytes = bytes.substr(short);
    }
    const room = JSON_BYTES - json.length;
    json += bytes.substr(0, room);
    this.at = mark.length + json.length;
    this.mark = mark;
    this.json = json;
    if (this.at < SIGNED_BYTES) return TAKEN;
    if (!this.judge(mark, json)) return REFUSED;
    this.writer.begin(0);
    let result = this.accept(mark);
    if (!result) result = this.accept(json);
    if (result) return result;
    bytes = bytes.substr(room);
    return bytes ? this.accept(bytes) : TAKEN;
  }

  /** Bare files: makes the header, `sha256` being the body's digest in hex; false: `failure`. @brief */
  finish(module: string, version: string, board: string, sha256: string): boolean {
    if (!this.bare) return true;
    const header = buildHeader({
      board: board,
      module: module,
      version: version,
      security: 0,
      size: this.pkg.size,
      sha256: sha256,
      entries: this.files.map((placed) => ({ name: placed.file.name, size: placed.file.size })),
    });
    for (let tries = 0; tries < 2; tries++) {
      if (this.slot.read(0, HEADER_BYTES) === header) return true;
      try {
        writeFlash(this.slot.address, header);
      } catch (_error) {
        // it shows in the next look
      }
    }
    if (this.slot.read(0, HEADER_BYTES) === header) return true;
    return this.fail(FLASH_FAILED, "the image's header can't be written");
  }

  /** @brief */
  private judge(mark: string, json: string): boolean {
    let why: string;
    try {
      const header = parseParts(mark, json);
      why = imageMisfit(header, this.pkg, this.security);
      if (!why && this.files.length === 1 && this.pkg.files.length > 1) why = this.place(header);
      if (!why && header.size + HEADER_BYTES !== this.pkg.size) {
        why =
          "the image has " + (header.size + HEADER_BYTES) + " bytes, the package " + this.pkg.size;
      }
    } catch (error) {
      why = (error as Error).message;
    }
    if (why) return this.fail(VERIFY_FAILED, why);
    this.mark = this.json = undefined;
    return true;
  }

  /** Gives the files their places after the header; says what does not fit. */
  private place(header: ImageHeader): string {
    const files: PackageFile[] = [];
    for (const entry of header.entries) {
      const file = this.pkg.files.filter((candidate) => candidate.name === entry.name)[0];
      if (!file) return 'the package lacks the file "' + entry.name + '"';
      if (file.size !== entry.size) {
        return 'file "' + entry.name + '" has ' + file.size + " bytes, not " + entry.size;
      }
      files.push(file);
    }
    this.lay(files);
    return "";
  }

  /** The script that is run comes first: the one named `main.…`, else the first of the package. */
  private placeBare(): void {
    const files = this.pkg.files;
    const main = files.filter((file) => file.name.startsWith("main."))[0] || files[0];
    this.lay([main].concat(files.filter((other) => other !== main)));
  }

  /** Lays files one after another behind the header. */
  private lay(files: PackageFile[]): void {
    let offset = HEADER_BYTES;
    for (const file of files) {
      this.files.push({ file: file, offset: offset });
      offset += file.size;
    }
  }

  /** The header is written last, so its place has to be blank. */
  private clearHeader(): boolean {
    if (!this.isHeaderBlank()) {
      try {
        for (let page = 0; page < HEADER_BYTES; page += this.page) {
          erasePage(this.slot.address + page);
        }
      } catch (_error) {
        // it shows in the next look
      }
      if (!this.isHeaderBlank()) return this.fail(FLASH_FAILED, "a page can't be erased");
    }
    for (let end = this.page; end <= HEADER_BYTES; end += this.page) {
      this.plan.markPage(end / this.page - 1);
    }
    return true;
  }

  private isHeaderBlank(): boolean {
    return isBlank(this.slot.address, HEADER_BYTES);
  }

  private fail(step: number, text: string): false {
    this.failure = { step: step, text: text };
    return false;
  }
}
