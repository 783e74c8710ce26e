/**
 * What links keep over restarts. The board's journal is given to them from outside: it knows the
 * board, which knows its links.
 * @module
 */

/** Small records by their kind; each put replaces the last one. */
export interface LinkMemory {
  get(kind: string): any;
  /** False when it could not be kept. */
  put(kind: string, value: object | undefined): boolean;
}

let open: (() => LinkMemory) | undefined;

/** Says how the memory is opened; nothing is opened yet. */
export function setLinkMemory(opener: () => LinkMemory): void {
  open = opener;
}

/** @throws Error when there is none, or the board was flashed without the area for it */
export function linkMemory(): LinkMemory {
  if (!open) throw new Error("links have no memory here");
  return open();
}
