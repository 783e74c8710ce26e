/**
 * What an upload reads: a text, a file of Storage, or a function that gives blocks.
 * @module
 */
import { toBytes } from "../../text/utf8.ts";

/** A file in the interpreter's Storage. */
export interface StoredFile {
  file: string;
}

/** Gives bytes on demand, so that what is uploaded needs no memory. */
export interface BlockSource {
  /** Bytes in all; -1: unknown, then the first block that is shorter than asked for is the last. */
  size: number;
  /** The `length` bytes from `offset` on; the same ones when asked again. May throw. */
  read(offset: number, length: number): string;
}

/** A text (as UTF-8) or byte string, a Storage file, or a function that gives blocks. */
export type UploadSource = string | StoredFile | BlockSource;

/** Throws an Error when a file is missing or the source is none. */
export function openSource(source: UploadSource): BlockSource {
  if (typeof source === "string") {
    const bytes = toBytes(source);
    return { size: bytes.length, read: (offset, length) => bytes.substr(offset, length) };
  }
  if (source && typeof (source as BlockSource).read === "function") return source as BlockSource;
  const name = source && (source as StoredFile).file;
  if (typeof name !== "string") {
    throw new Error("the source has to be a text, { file } or { size, read }");
  }
  const view = require("Storage").read(name);
  if (view === undefined) throw new Error('Storage has no file "' + name + '"');
  return {
    size: view.length,
    read: (offset, length) => require("Storage").read(name, offset, length) || "",
  };
}
