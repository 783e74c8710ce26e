/**
 * The image that runs.
 * @module
 */
import { openSlot, type Slot } from "../store/containers.ts";
import { entryRange, HEADER_BYTES, type ImageHeader, parseHeader } from "./image.ts";

export interface RunningImage {
  slot: Slot;
  header: ImageHeader;
}

/** What the loader started; undefined when the firmware runs without the loader. */
export function runningImage(): RunningImage | undefined {
  if (!global.boot) return undefined;
  const slot = openSlot(global.boot.slot);
  if (!slot) return undefined;
  return { slot: slot, header: parseHeader(slot.read(0, HEADER_BYTES)) };
}

/** Bytes of a file of the running image, in place; undefined when it has none of the name. */
export function imageFile(image: RunningImage, name: string): string | undefined {
  const range = entryRange(image.header, name);
  return range && image.slot.read(range.offset, range.length);
}
