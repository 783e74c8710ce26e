/**
 * The Storage files of a board for people: what is there, to and fro, and what had better be left
 * alone.
 * @module
 */
export { listEntries, type StorageEntry } from "./entries.ts";
export { getFile, type PutResult, putFile, removeEntry, roomFor } from "./files.ts";
export { checkRead, checkWrite, isPermanent, StorageRefusal } from "./permanent.ts";
