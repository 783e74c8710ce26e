/**
 * What the interpreter's regular expressions can't do. Most of it never matches there and says
 * nothing, so it is refused before.
 * @module
 */

const LACKS: [RegExp, string][] = [
  [/^\(\?[=!]/, "look-ahead"],
  [/^\(\?<[=!]/, "look-behind"],
  [/^\(\?</, "a named group"],
  [/^\(\?/, "a non-capturing group"],
  [/^\{\d+(,\d*)?\}/, "a counted repetition {n,m}"],
  [/^[*+?]\?/, "a lazy repetition"],
  [/^\)[*+?]/, "a repetition after a group"],
  [/^\?/, "an optional character ?"],
  [/^\\[bB]/, "a word boundary \\b"],
  [/^\\[1-9k]/, "a back-reference"],
  [/^\\u/, "a \\u escape"],
  [/^\\[pP]/, "a \\p class"],
];

/** What `pattern` needs and the interpreter lacks, in words; undefined when it will do. */
export function regExpLacks(pattern: string, flags: string): string | undefined {
  const flag = /[^gi]/.exec(flags);
  if (flag) return `the flag "${flag[0]}"`;
  if (/[^ -~]/.test(pattern)) return "a character outside ASCII";
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at);
    if (inClass) {
      // a class may hold any of the other marks as plain characters
      if (/^\\[bu]/.test(rest)) return rest[1] === "b" ? "a \\b in a class" : "a \\u escape";
      if (/^[/[]/.test(rest)) return `a "${rest[0]}" in a class without a backslash`;
      if (/^[^\]]-\./.test(rest)) return "a range that ends with a plain . (write \\x2e)";
      if (crossesSign(rest)) return "a range across \\x7f and \\x80 (characters are signed bytes)";
      if (rest[0] === "]") inClass = false;
    } else {
      const found = LACKS.find(([mark]) => mark.test(rest));
      if (found) return found[1];
      if (rest[0] === "[") inClass = true;
    }
    if (/^\\x[0-9a-f]{2}/i.test(rest)) at += 3;
    else if (rest[0] === "\\") at++;
  }
  return undefined;
}

/** Whether a range begins here that holds characters on both sides of 0x80. */
function crossesSign(rest: string): boolean {
  const range = /^(?:\\x([0-9a-f]{2})|([^\\]))-\\x([0-9a-f]{2})/i.exec(rest);
  if (!range) return false;
  const [, hex, plain = "", end = ""] = range;
  const first = hex ? Number.parseInt(hex, 16) : plain.charCodeAt(0);
  return first < 0x80 && Number.parseInt(end, 16) >= 0x80;
}
