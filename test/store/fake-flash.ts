/**
 * The interpreter's `Flash` and `Storage` for device code in Node, over the virtual board's flash.
 * @module
 */
import "../device-globals.ts";
import { FileStore } from "../../host/board/flash/file-store.ts";
import type { NorFlash } from "../../host/board/flash/nor-flash.ts";

const byteString = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

interface Globals {
  require(name: string): unknown;
  E: Record<string, unknown>;
  boot?: unknown;
}
const globals = globalThis as unknown as Globals;
const otherModules = globals.require;
Object.assign(globals.E, {
  sum: (numbers: Uint8Array) => numbers.reduce((sum, one) => sum + one, 0),
});
// The interpreter's name of the global object.
Object.assign(globalThis, { global: globalThis });

/** Puts a flash under `require("Flash")` and, with its area, `require("Storage")`. */
export function useFlash(flash: NorFlash, storage?: { start: number; length: number }): void {
  const modules: { Flash: object; Storage?: object; [name: string]: unknown } = {
    Flash: {
      read: (length: number, address: number) => flash.read(address, length),
      write: (bytes: string, address: number) => {
        flash.writeAligned(address, Buffer.from(bytes, "latin1"));
      },
      erasePage: (address: number) => flash.erasePage(address),
    },
  };
  if (storage) {
    const store = new FileStore(flash, storage);
    modules.Storage = {
      read: (name: string, offset?: number, length?: number) => {
        const bytes = store.read(name, offset, length);
        return bytes && byteString(bytes);
      },
      erase: (name: string) => store.erase(name),
    };
  }
  globals.require = (name) => modules[name] ?? otherModules(name);
}

/** What the loader would leave in the global `boot`; undefined: the firmware runs without it. */
export function setBoot(boot: unknown): void {
  globals.boot = boot;
}
