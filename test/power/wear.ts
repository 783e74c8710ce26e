/**
 * Many updates in a row on the driven board: what they cost the flash, and that nothing but the
 * slots and the area of journal and settings is ever touched.
 * @module
 */

import type { FlashHook, NorFlash } from "../../host/board/flash/nor-flash.ts";
import { FileStore } from "../../host/board/index.ts";
import type { BoardFile } from "../../host/board/power.ts";
import { loadBoard } from "../../host/build/boards.ts";
import type { BuildResult } from "../../host/build/index.ts";
import { good } from "./offers.ts";
import { flashed, Scene } from "./scene.ts";

/** Bytes of journal and settings. */
const AREA_BYTES = 16384;
/** Most erases of one page of a slot in one update, and flash bytes written per image byte. */
const MOST_ERASES = 1;
const MOST_WRITTEN = 1.05;
/** Longest that an update may take on the board's clock, ms. */
const LONGEST = 600_000;
const USERS_FILE = "notes.txt";

export interface WearJob {
  build: BuildResult;
  updates: number;
}

/** Figures over all updates. */
export interface Wear {
  updates: number;
  imageBytes: number;
  /** Bytes written to slots, and to the area. */
  slotBytes: number;
  areaBytes: number;
  /** Erases of the slots' pages and of the area's. */
  slotErases: number;
  areaErases: number;
  /** Most erases of one page of a slot in one update. */
  mostErases: number;
}

interface Range {
  start: number;
  end: number;
}

/** Runs so many updates; throws an Error that says which one did what it must not. */
export async function runWear({ build, updates }: WearJob): Promise<Wear> {
  const board = await loadBoard(build.board);
  const scene = new Scene({ board, flash: flashed(board, build) });
  const { flash } = scene.board;
  const { storage } = board.machine.flash;
  new FileStore(flash, storage).write(USERS_FILE, Buffer.from("kept for ever"));
  const slots = ["slot.a", "slot.b"].map((name) => wholePages(flash, board, name));
  const area = areaOf(flash, board);
  const meter = new Meter(slots, area);
  // The first start takes the settings out of Storage.
  scene.powerOn();
  scene.powerOff();
  const untouched = () => outside(flash, storage.start, storage.length, [...slots, area]);
  const before = untouched();
  let imageBytes = 0;
  scene.powerOn(meter.hook);
  for (let update = 1; update <= updates; update++) {
    const offer = good(build, `1.${update}.0`);
    imageBytes += offer.files[0]?.bytes.length ?? 0;
    meter.begin();
    try {
      install(scene, offer);
      const worst = Math.max(...meter.erasesOf.values());
      if (worst > MOST_ERASES) throw new Error(`a page of a slot was erased ${worst} times`);
      if (meter.astray) throw new Error(meter.astray);
      if (!untouched().equals(before)) throw new Error("Storage has changed outside of the slots");
    } catch (error) {
      throw new Error(`update ${update} of ${updates}: ${(error as Error).message}`);
    }
  }
  const { slotBytes, areaBytes, slotErases, areaErases, mostErases } = meter;
  const ratio = (slotBytes + areaBytes) / imageBytes;
  if (ratio > MOST_WRITTEN) {
    throw new Error(
      `${ratio.toFixed(3)} bytes written per image byte, expected <= ${MOST_WRITTEN}`,
    );
  }
  return { updates, imageBytes, slotBytes, areaBytes, slotErases, areaErases, mostErases };
}

/** One update from its push to its confirmation. */
function install(scene: Scene, offer: ReturnType<typeof good>): void {
  const { platform } = scene;
  const { version } = offer;
  platform.progress.length = 0;
  platform.offers(offer);
  if (!scene.until(() => platform.version === version, LONGEST)) {
    const last = JSON.stringify(platform.progress.slice(-3));
    throw new Error(`${version} does not come: ${last}: ${scene.board.output.slice(-400)}`);
  }
  // The acknowledgement reaches the board, which then confirms.
  scene.run(1000);
  const told = scene.ask();
  if (told.version !== version || told.trial || told.active !== told.slot) {
    throw new Error(`not confirmed: ${JSON.stringify(told)}`);
  }
}

/** Whole pages within a file's data: what an update may write. */
function wholePages(flash: NorFlash, board: BoardFile, name: string): Range {
  const { storage, page } = board.machine.flash;
  const file = new FileStore(flash, storage).find(name);
  if (!file) throw new Error(`no file ${name} in Storage`);
  const start = Math.ceil(file.addr / page) * page;
  return { start, end: Math.floor((file.addr + file.size) / page) * page };
}

function areaOf(flash: NorFlash, board: BoardFile): Range {
  const { raw } = board.machine.flash;
  const start = raw ? raw.start : wholePages(flash, board, "area").start;
  return { start, end: start + AREA_BYTES };
}

/** Storage without what may change: headers, loader, factory image, files of the user's. */
function outside(flash: NorFlash, start: number, length: number, changing: Range[]): Buffer {
  const bytes = Buffer.from(flash.read(start, length));
  for (const range of changing) {
    bytes.fill(0, Math.max(0, range.start - start), Math.max(0, range.end - start));
  }
  return bytes;
}

/** Counts what is written and erased. */
class Meter {
  slotBytes = 0;
  areaBytes = 0;
  slotErases = 0;
  areaErases = 0;
  mostErases = 0;
  /** The first operation outside of slots and area. */
  astray: string | undefined;
  /** Erases of this update by the page's address. */
  readonly erasesOf = new Map<number, number>();

  constructor(
    private readonly slots: Range[],
    private readonly area: Range,
  ) {}

  begin(): void {
    this.erasesOf.clear();
    this.erasesOf.set(0, 0);
  }

  readonly hook: FlashHook = ({ kind, address, length }) => {
    const isIn = ({ start, end }: Range) => address >= start && address + length <= end;
    const inSlot = this.slots.some(isIn);
    if (!inSlot && !isIn(this.area)) {
      this.astray ??= `${kind} of ${length} bytes at 0x${address.toString(16)}`;
    } else if (kind === "write") {
      if (inSlot) this.slotBytes += length;
      else this.areaBytes += length;
    } else if (inSlot) {
      this.slotErases++;
      const erases = (this.erasesOf.get(address) ?? 0) + 1;
      this.erasesOf.set(address, erases);
      this.mostErases = Math.max(this.mostErases, erases);
    } else this.areaErases++;
    return undefined;
  };
}
