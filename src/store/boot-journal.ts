/**
 * The board's journal: one for the whole firmware.
 * @module
 */
import { openArea } from "./containers.ts";
import { Journal } from "./journal.ts";

let journal: Journal | undefined;

/**
 * Opens it on first use.
 * @throws Error when the board was flashed without the area for it
 */
export function openJournal(): Journal {
  if (!journal) journal = new Journal(openArea());
  return journal;
}
