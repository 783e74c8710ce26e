/**
 * What a board holds already, and what of that has to change.
 * @module
 */
import {
  type Board,
  type Digest,
  digestOf,
  fileDigest,
  listFiles,
  sameDigest,
} from "../serial/index.ts";
import { AREA, type Content, LOADER, type WantedFile } from "./content.ts";

/** What has to be done; `nothing` of it when all lists are empty. */
export interface Changes {
  /** Files to write, in this order; the loader is not among them. */
  write: WantedFile[];
  /** Whether the loader has to be written. */
  loader: boolean;
  /** Files of the same names that have to go first. */
  remove: string[];
  /** Storage has another layout: all of it has to be written anew. */
  layOut: boolean;
  /** Files that stay as they are. */
  unchanged: string[];
  /** Other files, the user's. */
  others: string[];
}

export function isNothing(changes: Changes): boolean {
  return changes.write.length === 0 && !changes.loader && !changes.layOut;
}

async function sizeOf(board: Board, name: string): Promise<number> {
  return board.query<number>(
    `(function(f){return f===undefined?-1:f.length})(require("Storage").read(${JSON.stringify(name)}))`,
  );
}

async function holds(board: Board, wanted: WantedFile): Promise<boolean> {
  if (!wanted.bytes) return (await sizeOf(board, wanted.name)) === wanted.size;
  const found: Digest | undefined = await fileDigest(board, wanted.name);
  return sameDigest(found, digestOf(wanted.bytes));
}

/** Compares a board with what it should hold. */
export async function survey(board: Board, content: Content): Promise<Changes> {
  const names = await listFiles(board);
  const ours = [...content.files.map(({ name }) => name), LOADER, "firmware"];
  const others = names.filter((name) => !ours.includes(name));
  const changes: Changes = {
    write: [],
    loader: false,
    remove: [],
    layOut: content.areaFirst && names[0] !== AREA,
    unchanged: [],
    others,
  };
  for (const wanted of content.files) {
    if (changes.layOut || !(await holds(board, wanted))) {
      changes.write.push(wanted);
      if (names.includes(wanted.name)) changes.remove.push(wanted.name);
    } else changes.unchanged.push(wanted.name);
  }
  changes.loader = changes.layOut || !(await holds(board, content.loader));
  if (!changes.loader) changes.unchanged.push(LOADER);
  return changes;
}
