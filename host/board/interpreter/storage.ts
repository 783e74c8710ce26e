/**
 * The module `Storage`: files of the flash.
 * @module
 */

import { nameBytes, storageFileFlag } from "../flash/file-chain.ts";
import { crc32, toByteString } from "./bytes.ts";
import type { Core } from "./core.ts";
import { parseJson, stringifyJson } from "./json.ts";
import type { Native, Value } from "./realm.ts";
import { guarded } from "./refusals.ts";
import { installStorageFile } from "./storage-file.ts";

/** Texts that are worth remembering as views, in bytes, and how many of them. */
const longText = 100;
const mostViews = 64;

export function installStorage(core: Core): void {
  const { realm, store } = core;
  const name = (value: Value): string => {
    if (value === undefined) realm.throw("Error", "Invalid filename");
    return core.text(value).slice(0, nameBytes);
  };
  const write: Native = (_self, file, data, offset, size) => {
    const isPlain = typeof data === "object" && data !== null && !isBytes(core, data);
    const text = isPlain ? stringifyJson(core, data) : data;
    const bytes = core.bytes(typeof text === "number" ? core.text(text) : text);
    return store.write(name(file), bytes, 0, Number(offset ?? 0), Number(size ?? 0));
  };
  const read = (file: Value, offset?: Value, length?: Value) => {
    const bytes = store.read(name(file), Number(offset ?? 0), Number(length ?? 0));
    const place = store.find(name(file));
    if (place) core.codePlaces.add(place.addr);
    if (bytes === undefined) return undefined;
    const text = toByteString(bytes);
    if (text.length > longText && core.views.size < mostViews) {
      const address = place?.addr ?? 0;
      core.views.set(text, { file: name(file), address, offset: Number(offset ?? 0) });
    }
    return text;
  };
  core.builtins.set("Storage", () => {
    const storage = realm.object();
    realm.define(storage, {
      write: guarded(realm, write),
      read: (_self, file, offset, length) => read(file, offset, length),
      // A view: it shows what is written later. A text can't be one in JavaScript.
      readArrayBuffer: (_self, file) => {
        const place = store.find(name(file));
        if (!place) return undefined;
        const { buffer } = realm.bytes(store.flash.read(place.addr, place.size));
        store.flash.follow(place.addr, buffer);
        return buffer;
      },
      readJSON: (_self, file, quiet) => {
        const text = read(file);
        if (text === undefined) return undefined;
        try {
          return parseJson(core, text, true);
        } catch (error) {
          if (quiet) return undefined;
          throw error;
        }
      },
      writeJSON: guarded(realm, (self, file, value) =>
        write(self, file, stringifyJson(core, value, { javascript: true })),
      ),
      erase: guarded(realm, (_self, file) => {
        store.erase(name(file));
      }),
      eraseAll: guarded(realm, () => store.eraseAll()),
      compact: guarded(realm, () => {
        store.compact();
      }),
      list: (_self, pattern, filter) =>
        store
          .list()
          .filter((file) => isListed(file, filter))
          .map((file) =>
            filter?.sf && file.flags & storageFileFlag ? file.name.slice(0, -1) : file.name,
          )
          .filter((listed) => pattern === undefined || matches(core, listed, pattern)),
      hash: (_self, pattern) => {
        let hash = 0xabcddcba;
        for (const file of store.list()) {
          if (pattern !== undefined && !matches(core, file.name, pattern)) continue;
          hash = ((hash << 1) | (hash >>> 31)) ^ file.addr ^ crc32(core.bytes(file.name));
        }
        return hash >>> 0;
      },
      getFree: () => store.stats().freeBytes,
      getStats: () => {
        const { firstTrashPage: _, ...stats } = store.stats();
        return stats;
      },
      // It only makes finding faster there.
      optimise: () => undefined,
    });
    installStorageFile(core, storage, (native) => guarded(realm, native));
    return storage;
  });
}

function isBytes(core: Core, value: Value): boolean {
  const tag = Object.prototype.toString.call(value);
  return core.realm.isArray(value) || ArrayBuffer.isView(value) || tag === "[object ArrayBuffer]";
}

/** Files made of chunks end in a chunk number; they are listed by their first. */
function isListed(file: { name: string; flags: number }, filter: Value): boolean {
  const isChunk = (file.flags & storageFileFlag) !== 0;
  if (filter?.sf !== undefined && Boolean(filter.sf) !== isChunk) return false;
  return !isChunk || file.name.endsWith("\x01");
}

function matches(core: Core, text: string, pattern: Value): boolean {
  return core.realm.intrinsics.String.prototype.match.call(text, pattern) !== null;
}
