/**
 * The bytes that stand for operators and reserved words in pretokenised code: the interpreter's own
 * numbers for them, which never change (LEX_TYPES in its `jslex.h`).
 * @module
 */

const FIRST = 138;

const OPERATORS =
  "== === != !== <= << <<= >= >> >>> >>= >>>= += -= ++ -- *= /= %= &= && |= || ^= =>".split(" ");

const RESERVED = (
  "if else do while for break continue function return var let const this throw try catch finally " +
  "true false null undefined new in instanceof switch case default delete typeof void debugger " +
  "class extends super static of"
).split(" ");

const WORDS = [...OPERATORS, ...RESERVED];

/** From here on bytes stand for reserved words. */
export const FIRST_RESERVED = FIRST + OPERATORS.length;
/** The last byte that stands for a reserved word. */
export const LAST_RESERVED = FIRST + WORDS.length - 1;

const tokens = new Map(WORDS.map((word, i) => [word, String.fromCharCode(FIRST + i)]));

/** The byte, as a character, of an operator or a reserved word; undefined for other text. */
export function tokenOf(word: string): string | undefined {
  return tokens.get(word);
}

/** What a byte stands for; undefined where it stands for itself. */
export function wordOf(byte: number): string | undefined {
  return WORDS[byte - FIRST];
}
