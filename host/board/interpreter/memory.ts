/**
 * An estimate of the JsVars in use, from what can be reached and the costs of its parts measured on
 * the interpreter. Closures' variables can't be seen; functions count by their number.
 * @module
 */
import { type Core, runsOnLinux } from "./core.ts";
import type { Value } from "./realm.ts";

/** Variables that an interpreter without a script uses. */
const baseVars = 54;
const functionVars = 4;
const viewVars = 3;
const characters = 10;

function members(prototype: Value): PropertyDescriptor[] {
  if (!prototype) return [];
  return Object.values(Object.getOwnPropertyDescriptors(prototype)).filter(
    ({ enumerable }) => enumerable,
  );
}

/** JsVars of a value and all that it refers to. */
export function countVars(core: Core, roots: Value[]): number {
  const { realm } = core;
  const seen = new Set<Value>();
  const known = new Set<Value>(Object.values(realm.intrinsics));
  const stack = [...roots];
  let vars = 0;
  const text = (length: number) => (length <= 4 ? 0 : Math.ceil((length - 4) / characters));
  const key = (name: string) => 1 + text(name.length);
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value === "string")
      vars += core.views.has(value) ? viewVars : 1 + text(value.length);
    else if (typeof value === "number") vars += Number.isInteger(value) ? 0 : 1;
    if (value === null || (typeof value !== "object" && typeof value !== "function")) continue;
    if (seen.has(value) || known.has(value) || realm.natives.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      vars += 2 + Math.ceil(value.byteLength / 12);
      continue;
    }
    if (realm.isArray(value)) {
      const items = Object.values(value);
      vars += 1 + items.length;
      for (const item of items) stack.push(item);
      continue;
    }
    if (typeof value === "function") {
      vars += functionVars;
      // Not read: a getter of a prototype is for what is made with it.
      for (const { value: member, get, set } of members(value.prototype)) {
        stack.push(member, get, set);
      }
    } else vars += 1;
    // The names only: a function's `caller` and `arguments` take long to tell.
    for (const name of Object.keys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, name);
      if (!descriptor || descriptor.get) continue;
      vars += key(name);
      stack.push(descriptor.value);
    }
  }
  return vars;
}

/** What `process.memory()` answers. */
export function memoryReport(core: Core, used: number): Record<string, unknown> {
  const { total, bytes } = core.board.machine.jsVars;
  const usage = baseVars + used;
  // Where the interpreter's memory grows, it does so by whole blocks.
  const all = total > 0 ? total : Math.max(4096, Math.ceil((usage + 1024) / 4096) * 4096);
  return {
    free: Math.max(all - usage, 0),
    usage,
    total: all,
    history: 0,
    gc: 0,
    gctime: 0.1,
    blocksize: bytes,
    rx: { used: 0, total: 1024 },
    tx: { used: 0, total: 256 },
    ...(runsOnLinux(core.board) ? {} : { free_heap: 40000, largest_block: 20000 }),
  };
}
