/**
 * `Storage.open`: files that grow, kept as numbered chunks of one page each and ending at the first
 * erased byte.
 * @module
 */
import { storageFileFlag } from "../flash/file-chain.ts";
import { toByteString } from "./bytes.ts";
import type { Core } from "./core.ts";
import type { Native, Value } from "./realm.ts";

const longestName = 27;

interface OpenFile {
  name: string;
  mode: "r" | "w" | "a";
  /** Number of the chunk, from 1, and the position in it. */
  chunk: number;
  offset: number;
}

export function installStorageFile(
  core: Core,
  storage: Value,
  guarded: (native: Native) => Native,
): void {
  const { realm, store } = core;
  const files = new WeakMap<object, OpenFile>();
  // A chunk and its header fill a page.
  const chunkBytes = core.board.machine.flash.page - 32;
  const chunkName = (file: OpenFile, chunk: number) => file.name + String.fromCharCode(chunk);
  const chunkOf = (file: OpenFile, chunk: number) => store.find(chunkName(file, chunk));
  const opened = (self: Value): OpenFile =>
    files.get(self) ?? realm.throw("Error", "Not a StorageFile");

  /** Bytes of a chunk up to the first erased one. */
  const contents = (file: OpenFile, chunk: number): Uint8Array | undefined => {
    const found = chunkOf(file, chunk);
    if (!found) return undefined;
    const bytes = store.flash.read(found.addr, found.size);
    const end = bytes.indexOf(0xff);
    return end < 0 ? bytes : bytes.subarray(0, end);
  };
  const eraseChunks = (file: OpenFile) => {
    for (let chunk = 1; chunkOf(file, chunk); chunk++) store.erase(chunkName(file, chunk));
  };
  const read = (file: OpenFile, count: number): string | undefined => {
    if (file.mode !== "r") return realm.throw("Error", "Can't read in this mode");
    let result = "";
    while (result.length < count) {
      const bytes = contents(file, file.chunk);
      if (!bytes) break;
      const part = bytes.subarray(file.offset, file.offset + count - result.length);
      result += toByteString(part);
      file.offset += part.length;
      if (file.offset < chunkBytes) {
        if (part.length === 0) break;
        continue;
      }
      file.chunk++;
      file.offset = 0;
    }
    return result === "" ? undefined : result;
  };
  const readLine = (file: OpenFile): string | undefined => {
    let line = "";
    for (;;) {
      const ch = read(file, 1);
      if (ch === undefined) return line === "" ? undefined : line;
      line += ch;
      if (ch === "\n") return line;
    }
  };
  const write = (file: OpenFile, text: Value) => {
    if (file.mode === "r") realm.throw("Error", "Can't write in this mode");
    let bytes = core.bytes(typeof text === "string" ? text : core.text(text));
    while (bytes.length > 0) {
      const part = bytes.subarray(0, chunkBytes - file.offset);
      store.write(chunkName(file, file.chunk), part, storageFileFlag, file.offset, chunkBytes);
      file.offset += part.length;
      bytes = bytes.subarray(part.length);
      if (file.offset < chunkBytes) continue;
      file.chunk++;
      file.offset = 0;
    }
  };

  const StorageFile = realm.class(() => undefined, {
    read: (self, count) => read(opened(self), Number(count ?? 0)),
    readLine: (self) => readLine(opened(self)),
    getLength: (self) => {
      let length = 0;
      for (let chunk = 1; ; chunk++) {
        const bytes = contents(opened(self), chunk);
        if (!bytes) return length;
        length += bytes.length;
      }
    },
    write: guarded((self, text) => write(opened(self), text)),
    erase: guarded((self) => {
      const file = opened(self);
      if (file.mode !== "r") realm.throw("Error", "Can't erase in this mode");
      eraseChunks(file);
    }),
  });
  realm.hide(realm.global, "StorageFile", StorageFile);
  realm.define(storage, {
    open: guarded((_self, name, mode) => {
      if (mode !== "r" && mode !== "w" && mode !== "a")
        return realm.throw("Error", `Invalid mode ${JSON.stringify(core.text(mode))}`);
      const text = core.text(name).slice(0, longestName);
      const file: OpenFile = { name: text, mode, chunk: 1, offset: 0 };
      if (mode === "w") eraseChunks(file);
      if (mode === "a") {
        while (chunkOf(file, file.chunk + 1)) file.chunk++;
        file.offset = contents(file, file.chunk)?.length ?? 0;
        if (file.offset >= chunkBytes) {
          file.chunk++;
          file.offset = 0;
        }
      }
      const made = new StorageFile();
      files.set(made, file);
      made.name = text;
      return made;
    }),
  });
}
