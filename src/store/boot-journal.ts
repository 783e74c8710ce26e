/**
 * The board's journal: one for the whole firmware.
 * @module
 */
import { openArea } from "./containers.ts";
import { Journal } from "./journal.ts";

let held: Journal | undefined;

/**
 * Opens it for what is done with it at once: it is read anew each time, for an open one takes memory.
 * @throws Error when the board was flashed without the area for it
 */
export function openJournal(): Journal {
  return held || openAt(0);
}

/** As `openJournal`, for who keeps it: from then on all have the same. */
export function holdJournal(): Journal {
  if (!held) held = openAt(0);
  return held;
}

/** Opens a journal at an offset in the area; `longest` as there. @brief */
export function openAt(offset: number, longest?: number): Journal {
  return new Journal(openArea() + offset, longest);
}
