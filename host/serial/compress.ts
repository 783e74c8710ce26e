/**
 * The compression that the interpreter can undo: its module `heatshrink`.
 * @module
 */
import heatshrink from "espruino/libs/heatshrink.js";

export function compress(bytes: Uint8Array): Uint8Array {
  return heatshrink.compress(bytes);
}
