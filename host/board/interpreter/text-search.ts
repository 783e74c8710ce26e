/**
 * How the interpreter searches a text: `indexOf` and what builds on it also take a mere beginning of
 * what is sought for found, when the text ends within it; `lastIndexOf` does not.
 * @module
 */
import { outOfMemory } from "./aborts.ts";
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";
import type { Patterns } from "./regexp.ts";

/** Integer of an index that was given; undefined for what does not count as a number there. */
function given(index: Value): number | undefined {
  if (typeof index !== "number" && typeof index !== "boolean") return undefined;
  return Math.trunc(Number(index)) || 0;
}

/** `indexOf` as the interpreter has it. */
export function indexOf(text: string, sought: string, fromIndex?: Value): number {
  const last = text.length - sought.length;
  if (last < 0) return -1;
  const from = Math.min(Math.max(given(fromIndex) ?? 0, 0), last + 1);
  if (from === text.length) return -1;
  const found = text.indexOf(sought, from);
  if (found >= 0) return found;
  for (let at = Math.max(from, last + 1); at < text.length; at++) {
    if (sought.startsWith(text.slice(at))) return at;
  }
  return -1;
}

/** Replaces a text by another; `$` means nothing in it. */
function replace(text: string, sought: string, by: string, all: boolean): string {
  // It would find the empty text for ever.
  if (all && sought === "" && text !== "") throw outOfMemory();
  let result = text;
  let at = indexOf(result, sought);
  while (at >= 0) {
    result = result.slice(0, at) + by + result.slice(at + sought.length);
    at = all ? indexOf(result, sought, at + by.length) : -1;
  }
  return result;
}

function split(text: string, separator: string): string[] {
  // Nothing comes of a separator that is longer by two.
  return separator.length > text.length + 1 ? [] : text.split(separator);
}

/** Gives the prototype of texts the interpreter's searches. */
export function installTextSearch(core: Core, patterns: Patterns): void {
  const { realm } = core;
  const { prototype } = realm.intrinsics.String;
  const replacing = (all: boolean) => (self: Value, sought: Value, by: Value) =>
    patterns.isPattern(sought)
      ? patterns.replace(String(self), sought, by, all)
      : replace(String(self), core.text(sought), core.text(by), all);
  realm.define(prototype, {
    indexOf: (self, sought, from) => indexOf(String(self), core.text(sought), from),
    includes: (self, sought, from) => indexOf(String(self), core.text(sought), from) >= 0,
    lastIndexOf: (self, sought, from) =>
      String(self).lastIndexOf(core.text(sought), given(from) ?? Number.POSITIVE_INFINITY),
    startsWith: (self, sought, position) => {
      const from = given(position) ?? 0;
      return from >= 0 && String(self).startsWith(core.text(sought), from);
    },
    endsWith: (self, sought, length) => {
      const end = given(length) ?? String(self).length;
      return end <= String(self).length && String(self).endsWith(core.text(sought), end);
    },
    match: (self, sought) => {
      if (patterns.isPattern(sought)) return patterns.match(String(self), sought);
      if (sought === undefined) return undefined;
      const text = core.text(sought);
      const index = indexOf(String(self), text);
      return index < 0 ? null : Object.assign(realm.array([text]), { index, input: text });
    },
    replace: replacing(false),
    replaceAll: replacing(true),
    split: (self, separator) => {
      if (separator === undefined) return [String(self)];
      if (patterns.isPattern(separator)) return patterns.split(String(self), separator);
      return split(String(self), core.text(separator));
    },
  });
}
