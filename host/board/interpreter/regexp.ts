/**
 * `RegExp`, and what texts do with one, as on the interpreter: `source`, `flags` and `lastIndex` are
 * plain properties, `lastIndex` counts without the flag `g` too, and is where each search begins.
 * @module
 */
import { outOfMemory } from "./aborts.ts";
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";
import { Matcher, PatternError } from "./regexp-match.ts";

/** A suffix that is longer is searched for as any pattern. */
const LONGEST_SUFFIX = 31;

/**
 * The text that `pattern` looks for at the end only; undefined when it is another kind of pattern.
 * The interpreter compares such a text at once, whatever the flags.
 */
function suffixOf(pattern: string): string | undefined {
  let suffix = "";
  for (let at = 0; at < pattern.length - 1; at++) {
    let letter = pattern.charAt(at);
    if (letter === "\\") {
      letter = pattern.charAt(++at);
      if (at === pattern.length - 1 || !/[.\\]/.test(letter)) return undefined;
    } else if (/[.[\]()|^*+$]/.test(letter)) return undefined;
    suffix += letter;
  }
  return pattern.endsWith("$") && suffix.length < LONGEST_SUFFIX ? suffix : undefined;
}

/** A match as scripts see it. */
type Match = Value;

export interface Patterns {
  isPattern(value: Value): boolean;
  match(text: string, pattern: Value): Value;
  replace(text: string, pattern: Value, by: Value, all: boolean): string;
  split(text: string, pattern: Value): string[];
  /** What a literal is. */
  make(source: string, flags: string): Value;
}

/** Installs `RegExp`. */
export function installRegExp(core: Core): Patterns {
  const { realm } = core;
  const wrongType = (value: Value) =>
    realm.throw("TypeError", `Expecting String as first argument, got ${typeName(realm, value)}`);
  const Made: Value = realm.class((self, source, flags) => {
    if (typeof source !== "string") return wrongType(source);
    self.source = source;
    if (flags !== undefined) {
      if (typeof flags !== "string") return wrongType(source);
      self.flags = flags;
    }
    self.lastIndex = 0;
    const suffix = suffixOf(source);
    if (suffix !== undefined) self.endsWith = suffix;
  });

  const has = (pattern: Value, flag: string) =>
    typeof pattern.flags === "string" && pattern.flags.includes(flag);
  const result = (parts: string[], index: number, input: string): Match =>
    Object.assign(realm.array(parts), { index, input });

  /** `exec`: a match, null, or undefined where the search begins behind the text. */
  const exec = (pattern: Value, text: string): Match => {
    const lastIndex = Math.trunc(Number(pattern.lastIndex)) || 0;
    const suffix = pattern.endsWith;
    if (typeof suffix === "string") {
      const at = text.length - suffix.length;
      if (lastIndex <= at && text.endsWith(suffix)) return result([suffix], at, text);
    }
    if (typeof pattern.source !== "string" || lastIndex > text.length) return undefined;
    const found = search(pattern, text, lastIndex);
    pattern.lastIndex = found && has(pattern, "g") ? found.end : 0;
    if (!found) return null;
    const groups = found.groups.map(([start, end]) => text.slice(start, end));
    return result([text.slice(found.index, found.end), ...groups], found.index, text);
  };
  const search = (pattern: Value, text: string, from: number) => {
    try {
      return new Matcher(pattern.source, text, has(pattern, "i")).find(from);
    } catch (error) {
      if (error instanceof PatternError) return realm.throw("Error", error.message);
      throw error;
    }
  };

  realm.define(Made.prototype, {
    exec: (self, text) => exec(self, core.text(text)),
    test: (self, text) => Boolean(exec(self, core.text(text))),
  });
  realm.hide(Made.prototype, "constructor", Made);
  realm.hide(realm.global, "RegExp", Made);

  /** All matches, or the first; `step` begins the next search behind an empty one. */
  function* matches(text: string, pattern: Value, all: boolean): Generator<Match> {
    pattern.lastIndex = 0;
    let match = exec(pattern, text);
    while (match) {
      yield match;
      if (!all) return;
      pattern.lastIndex = match.index + (match[0].length || 1);
      match = exec(pattern, text);
    }
    if (all) pattern.lastIndex = 0;
  }

  return {
    isPattern: (value) => value instanceof Made,
    make: (source, flags) => new Made(source, flags === "" ? undefined : flags),
    match: (text, pattern) => {
      if (has(pattern, "g")) return [...matches(text, pattern, true)].map((match) => match[0]);
      pattern.lastIndex = 0;
      return exec(pattern, text);
    },
    replace: (text, pattern, by, all) => {
      let replaced = "";
      let from = 0;
      for (const match of matches(text, pattern, all || has(pattern, "g"))) {
        replaced += text.slice(from, match.index);
        from = match.index + match[0].length;
        replaced +=
          typeof by === "function"
            ? core.text(by(...Array.from(match as string[]), match.index, text))
            : expand(core.text(by), match);
      }
      return replaced + text.slice(from);
    },
    split: (text, pattern) => {
      const parts: string[] = [];
      let from = 0;
      pattern.lastIndex = 0;
      for (let match = exec(pattern, text); match; match = exec(pattern, text)) {
        parts.push(text.slice(from, match.index));
        // It would find the same place again and again.
        if (match[0] === "" && match.index === from && parts.length > 1) throw outOfMemory();
        from = match.index + match[0].length;
        pattern.lastIndex = from;
      }
      pattern.lastIndex = 0;
      return [...parts, text.slice(from)];
    },
  };
}

/** Puts groups in for `$1` to `$9`; any other `$` stands for itself. */
function expand(by: string, match: Match): string {
  return by.replace(/\$([\s\S]?)/g, (all, digit: string) =>
    /[1-9]/.test(digit) && match[Number(digit)] !== undefined
      ? match[Number(digit)]
      : all.padEnd(2, "\0"),
  );
}

function typeName(realm: Core["realm"], value: Value): string {
  if (value === undefined || value === null) return String(value);
  if (realm.isArray(value)) return "Array";
  return typeof value === "function"
    ? "Function"
    : { number: "Number", boolean: "Boolean", object: "Object" }[typeof value as "number"];
}
