/**
 * The module `Flash`: raw flash by address, Storage included, with nothing that protects it but the
 * chip's refusal of a few ranges.
 * @module
 */

import type { FlashRange } from "../../../boards/board.ts";
import { Restart } from "./aborts.ts";
import type { Core } from "./core.ts";
import { typeName } from "./globals.ts";
import type { Value } from "./realm.ts";
import { guarded } from "./refusals.ts";

export function installFlash(core: Core): void {
  const { realm, host, board } = core;
  const { flash } = host;
  const { forbidden, free } = board.machine.flash;
  const allow = (address: number, length: number) => {
    const range = forbidden.find((candidate) => overlaps(candidate, address, length));
    if (!range) return;
    // The chip's driver aborts, which restarts the board.
    core.print(`abort() was called: dangerous flash write at 0x${address.toString(16)}\n`);
    throw new Restart("write to a protected flash range");
  };
  const erase = (address: Value) => {
    const page = flash.pageAt(Number(address));
    if (!page) return;
    allow(page.addr, page.length);
    flash.erasePage(page.addr);
  };
  core.builtins.set("Flash", () => {
    const module = realm.object();
    realm.define(module, {
      read: (_self, length, address) => {
        const count = Number(length);
        if (!(count > 0)) return undefined;
        return flash.read(Number(address), count);
      },
      write: guarded(realm, (_self, data, address) => {
        const bytes = core.bytes(data);
        const to = Number(address);
        if (bytes.length === 0 || Number.isNaN(to)) return;
        allow(to, bytes.length);
        flash.writeAligned(to, bytes);
      }),
      erasePage: guarded(realm, (_self, address) => {
        if (typeof address !== "number")
          realm.throw("Error", `Address should be an integer, got ${typeName(address)}`);
        erase(address);
      }),
      getPage: (_self, address) => flash.pageAt(Number(address)),
      getFree: () => free.map(({ addr, length }) => ({ addr, length })),
    });
    return module;
  });
}

function overlaps(range: FlashRange, address: number, length: number): boolean {
  return address < range.start + range.length && address + length > range.start;
}
