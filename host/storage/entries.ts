/**
 * What is in a board's Storage.
 * @module
 */
import type { Board } from "../serial/index.ts";
import { isPermanent } from "./permanent.ts";

/** A file. */
export interface StorageEntry {
  name: string;
  bytes: number;
  /** Written as `StorageFile`: text that grows, in pieces of a page. */
  isLog: boolean;
  /** One of the firmware's own. */
  isPermanent: boolean;
}

/** Milliseconds: each size is looked up in the chain of files. */
const PATIENCE = 30_000;

/** All files, in the order of their names. */
export async function listEntries(board: Board): Promise<StorageEntry[]> {
  const found = await board.query<[name: string, bytes: number, isLog: number][]>(
    "(function(s){return s.list(undefined,{sf:false}).map(function(n){return [n,s.read(n).length,0]})" +
      ".concat(s.list(undefined,{sf:true}).map(function(n){" +
      'return [n,s.open(n,"r").getLength(),1]}))})(require("Storage"))',
    { timeout: PATIENCE },
  );
  return found
    .map(([name, bytes, isLog]) => ({
      name,
      bytes,
      isLog: isLog === 1,
      isPermanent: isPermanent(name),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
