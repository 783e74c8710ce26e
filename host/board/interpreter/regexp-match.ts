/**
 * The interpreter's matching of regular expressions. It knows `. [] [^] * + ^ $ | () \d \w \s …` and
 * takes everything else for itself: `?` and `{2}` are plain characters, a quantifier after a group is
 * one too. An alternative is looked for behind the place of the failure, whatever group it is in, and
 * groups that were begun stay.
 * @module
 */

/** A match: where it begins and ends, and its groups likewise. */
export interface Found {
  index: number;
  end: number;
  groups: [start: number, end: number][];
}

/** A pattern that the interpreter gives up with an exception. */
export class PatternError extends Error {}

const MOST_GROUPS = 9;
/** More than there are character codes, signed bytes included. */
const CODES = 1 << 17;
/** Characters that a backslash makes of letters. */
const CONTROLS: Record<string, number> = { f: 12, b: 8, n: 10, r: 13, t: 9, v: 11, 0: 0 };

const isDigit = (code: number) => code >= 48 && code <= 57;
const isWord = (code: number) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isBlank = (code: number) => code === 32 || (code >= 9 && code <= 13);

const CLASSES: Record<string, (code: number) => boolean> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  s: isBlank,
  S: (code) => !isBlank(code),
  w: isWord,
  W: (code) => !isWord(code),
};

/** A character of the pattern against one of the text: did it match, how long is it in the pattern. */
type Tried = [matched: boolean, length: number];

/** Characters are signed bytes there; those that only unicode has stay as they are. */
const signed = (code: number) => (code > 127 && code < 256 ? code - 256 : code);

/** One search of a text. */
export class Matcher {
  private start = 0;
  private readonly sets = new Map<number, Tried>();

  constructor(
    private readonly pattern: string,
    private readonly text: string,
    private readonly ignoreCase: boolean,
  ) {}

  /** The first match from an index on. Throws a `PatternError`. */
  find(from: number): Found | undefined {
    // The place behind the last character is only looked at when the search begins there.
    for (this.start = from; this.start === from || this.start < this.text.length; this.start++) {
      const found = this.here(0, this.start, []);
      if (found) return found;
    }
    return undefined;
  }

  private here(at: number, place: number, groups: Found["groups"]): Found | undefined {
    const mark = this.pattern[at];
    switch (mark) {
      case undefined:
      case "|":
        return { index: this.start, end: place, groups };
      case "^":
        return place === 0 ? this.here(at + 1, place, groups) : undefined;
      case "$":
        return place >= this.text.length
          ? this.here(at + 1, place, groups)
          : this.alternative(at + 1, groups);
      case "(":
        return this.here(at + 1, place, [...groups.slice(0, MOST_GROUPS - 1), [place, place]]);
      case ")": {
        const last = groups.at(-1);
        return this.here(at + 1, place, last ? [...groups.slice(0, -1), [last[0], place]] : groups);
      }
    }
    const [matched, length] = this.character(at, place);
    const next = at + length;
    const operator = this.pattern[next];
    if (operator === "*" || operator === "+") {
      return !matched && operator === "+"
        ? this.alternative(next + 1, groups)
        : this.repeated(at, next + 1, place, matched, groups);
    }
    if (matched && place < this.text.length) return this.here(next, place + 1, groups);
    return this.alternative(next, groups);
  }

  /** As many as lead to a match. */
  private repeated(
    at: number,
    after: number,
    place: number,
    isFirst: boolean,
    groups: Found["groups"],
  ): Found | undefined {
    let best = this.here(after, place, groups);
    let matched = isFirst;
    for (let here = place; matched && here < this.text.length; ) {
      here++;
      [matched] = this.character(at, here);
      best = this.here(after, here, groups) ?? best;
    }
    return best;
  }

  /** Behind the next `|`, from the start of the match. */
  private alternative(from: number, groups: Found["groups"]): Found | undefined {
    for (let at = from; at < this.pattern.length; at++) {
      if (this.pattern[at] === "\\") at++;
      else if (this.pattern[at] === "|") return this.here(at + 1, this.start, groups);
    }
    return undefined;
  }

  /** `first`: where this ends a range, its first character. */
  private character(at: number, place: number, inSet = false, first?: number): Tried {
    const { pattern } = this;
    // The end of the text reads as a zero.
    const code = place < this.text.length ? signed(this.text.charCodeAt(place)) : 0;
    if (pattern[at] === ".") return [true, 1];
    if (pattern[at] === "[") return this.set(at, place, code);
    let length = 1;
    let wanted = signed(pattern.charCodeAt(at));
    if (pattern[at] === "\\") {
      length = 2;
      const letter = pattern[at + 1] ?? "\0";
      const inClass = CLASSES[letter];
      if (inClass) return [inClass(code), length];
      if (letter >= "1" && letter <= "9") throw new PatternError("Backreferences not supported");
      wanted = CONTROLS[letter] ?? signed(letter.charCodeAt(0));
      const hex = pattern.slice(at + 2, at + 4);
      if (letter === "x" && hex.length === 2) {
        length = 4;
        wanted = signed(Number.parseInt(hex, 16));
      }
    }
    if (inSet && pattern[at + length] === "-" && pattern[at + length + 1] !== "]") {
      const [matched, rest] = this.character(at + length + 1, place, true, wanted);
      return [matched, length + 1 + rest];
    }
    return [this.compare(code, wanted, first), length];
  }

  private compare(code: number, wanted: number, first: number | undefined): boolean {
    const mine = this.fold(code);
    const last = this.fold(wanted);
    if (first === undefined) return mine === last;
    const least = this.fold(first);
    return least < last && mine >= least && mine <= last;
  }

  private fold(code: number): number {
    return this.ignoreCase && code >= 65 && code <= 90 ? code + 32 : code;
  }

  /** A set looks at nothing but the character: long texts ask for the same ones again and again. */
  private set(at: number, place: number, code: number): Tried {
    const key = at * CODES + code;
    let tried = this.sets.get(key);
    if (!tried) {
      tried = this.trySet(at, place, code);
      this.sets.set(key, tried);
    }
    return tried;
  }

  private trySet(at: number, place: number, code: number): Tried {
    const { pattern } = this;
    const isInverted = pattern[at + 1] === "^";
    let length = isInverted ? 2 : 1;
    let isIn = false;
    while (at + length < pattern.length && pattern[at + length] !== "]") {
      if (pattern[at + length] === ".") {
        if (code === 46) isIn = true;
        length++;
        continue;
      }
      const [matched, taken] = this.character(at + length, place, true);
      if (matched) isIn = true;
      length += taken;
    }
    if (pattern[at + length] !== "]") throw new PatternError("Unfinished character set in RegEx");
    return [isIn !== isInverted, length + 1];
  }
}
