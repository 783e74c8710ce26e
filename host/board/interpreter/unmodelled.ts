/**
 * Functions that the interpreter has and the virtual board has not: they are there, and say so when
 * they are called, as doing nothing in silence would hide a fault of the script's.
 * @module
 */
import type { Realm, Value } from "./realm.ts";

/** Adds functions that throw; `owner` is what scripts call the object, e.g. `E.`. */
export function defineUnmodelled(
  realm: Realm,
  target: Value,
  owner: string,
  ...names: string[]
): void {
  for (const name of names)
    realm.define(target, {
      [name]: () => realm.throw("Error", `the virtual board does not model ${owner}${name}`),
    });
}
