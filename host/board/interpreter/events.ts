/**
 * `on`, `emit` and their like on every object: listeners stand in a visible key `#onNAME`, calls are
 * queued for the idle loop.
 * @module
 */
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";

export function installEvents(core: Core): void {
  const { realm } = core;
  const add = (first: boolean) => (self: Value, event: Value, listener: Value) => {
    if (typeof listener !== "function" && typeof listener !== "string")
      realm.throw("TypeError", "Second argument must be a function or a String");
    const key = `#on${event}`;
    // A new list: what is queued already goes to the listeners of before.
    const old = self[key] === undefined ? [] : Array.from(self[key] as ArrayLike<Value>);
    self[key] = realm.array(first ? [listener, ...old] : [...old, listener]);
    if (event === "data") core.streams.listened(self);
  };
  realm.define(realm.intrinsics.Object.prototype, {
    on: add(false),
    addListener: add(false),
    prependListener: add(true),
    emit: (self, event, ...args) => {
      core.emit(self, String(event), ...args);
    },
    removeListener: (self, event, listener) => {
      const key = `#on${event}`;
      const at = self[key] === undefined ? -1 : self[key].indexOf(listener);
      if (at < 0) return;
      // The queue may hold the list: it is changed, not replaced; an empty one stays.
      self[key].splice(at, 1);
    },
    removeAllListeners: (self, event) => {
      const keys = event === undefined ? Object.keys(self) : [`#on${event}`];
      for (const key of keys) if (key.startsWith("#on")) delete self[key];
    },
    clone: (self) => {
      const copy = realm.isArray(self) ? realm.array([]) : new realm.intrinsics.Object();
      Object.setPrototypeOf(copy, Object.getPrototypeOf(self));
      for (const key of Object.keys(self)) copy[key] = self[key];
      return copy;
    },
  });
}
