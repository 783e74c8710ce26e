/**
 * What the flash and its files refuse, as exceptions of the script's.
 * @module
 */
import { StorageError } from "../flash/file-store.ts";
import { FlashFailure } from "../flash/nor-flash.ts";
import type { Native, Realm } from "./realm.ts";

/** A function of the interpreter's that throws refusals as the script's errors. */
export function guarded(realm: Realm, native: Native): Native {
  return (self, ...args) => {
    try {
      return native(self, ...args);
    } catch (error) {
      if (error instanceof StorageError || error instanceof FlashFailure)
        return realm.throw("Error", error.message);
      throw error;
    }
  };
}
