/**
 * What a flashed board holds: loader, factory image, slots, and the place of journal and settings.
 * @module
 */
import { readFileSync } from "node:fs";
import type { FlashRange, Machine } from "../../boards/board.ts";
import type { BuildResult } from "../build/index.ts";
import { factoryImage } from "../demo/install.ts";

/** The loader, which runs at each start: what is written last. */
export const LOADER = ".boot0";
/** First file of Storage on boards without raw flash. */
export const AREA = "area";
const JOURNAL_BYTES = 8192;
const AREA_BYTES = 16384;

/** A Storage file that belongs on the board. */
export interface WantedFile {
  name: string;
  /** Undefined: only its size counts, an update writes it. */
  bytes: Uint8Array | undefined;
  size: number;
}

/** All that belongs on a board. */
export interface Content {
  /** In the order of writing, without the loader. */
  files: WantedFile[];
  loader: WantedFile;
  journal: FlashRange;
  /** Journal and settings. */
  area: FlashRange;
  page: number;
  /** Whether `AREA` must be the first file. */
  areaFirst: boolean;
}

function file(name: string, bytes: Uint8Array): WantedFile {
  return { name, bytes, size: bytes.length };
}

function room(name: string, size: number): WantedFile {
  return { name, bytes: undefined, size };
}

/** What a build puts on its board. */
export function contentOf(
  machine: Machine,
  build: Pick<BuildResult, "board" | "boot0" | "firmware">,
): Content {
  const { page, raw, slotBytes, storage } = machine.flash;
  const start = raw ? raw.start : storage.start + page;
  const slots = ["slot.a", "slot.b"].map((name) => room(name, slotBytes + page));
  const factory = file("factory", factoryImage(machine, build));
  const area = raw ? [] : [room(AREA, AREA_BYTES + page)];
  return {
    files: [...area, factory, ...slots],
    loader: file(LOADER, readFileSync(build.boot0)),
    journal: { start, length: JOURNAL_BYTES },
    area: { start, length: AREA_BYTES },
    page,
    areaFirst: !raw,
  };
}
