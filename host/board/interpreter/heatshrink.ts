/**
 * The module `heatshrink`, as far as the firmware uses it: unpacking. Results are ArrayBuffers.
 * @module
 */
import heatshrink from "espruino/libs/heatshrink.js";
import type { Core } from "./core.ts";
import { defineUnmodelled } from "./unmodelled.ts";

export function installHeatshrink(core: Core): void {
  const { realm } = core;
  core.builtins.set("heatshrink", () => {
    const library = realm.object();
    realm.define(library, {
      decompress: (_self, data) => realm.bytes(heatshrink.decompress(core.bytes(data))).buffer,
    });
    defineUnmodelled(realm, library, "heatshrink.", "compress");
    return library;
  });
}
