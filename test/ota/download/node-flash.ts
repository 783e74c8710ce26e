/**
 * A flash with hooks behind the interpreter's `Flash`, for device modules that run in Node. Import
 * it before the module under test.
 * @module
 */
import "../../device-globals.ts";
import { NorFlash } from "../../../host/board/flash/nor-flash.ts";
import type { WritableSlot } from "../../../src/ota/writer.ts";

export const PAGE = 1024;
export const BASE = 0x10000;

let flash = new NorFlash(new Uint8Array(PAGE), BASE, PAGE);

/** A new flash in the place of the last. */
export function installFlash(bytes: Uint8Array): NorFlash {
  flash = new NorFlash(bytes, BASE, PAGE);
  return flash;
}

/** A stretch of the flash as a slot. */
export function slotAt(address: number, length: number): WritableSlot {
  const copy = (offset: number, count: number) =>
    Buffer.from(flash.read(address + offset, count)).toString("latin1");
  return { address, length, copy };
}

const scope = globalThis as unknown as { require(name: string): unknown };
const others = scope.require;
scope.require = (name: string) =>
  name === "Flash"
    ? {
        read: (length: number, address: number) => flash.read(address, length),
        write: (data: string, address: number) =>
          flash.writeAligned(address, Buffer.from(data, "latin1")),
        erasePage: (address: number) => flash.erasePage(address),
      }
    : others(name);
