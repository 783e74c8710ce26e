/**
 * Names at the top level. They live among the interpreter's globals and the user's, so each gets a
 * short name behind a prefix that neither uses. The interpreter looks for a name from the first one
 * on: those that are mentioned most are declared first.
 * @module
 */
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findScopes, walk } from "./scope.ts";

/** So many names are declared first, where a script has several times as many. */
const FIRST = 32;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

function shortName(index: number): string {
  const letter = LETTERS[index % LETTERS.length] ?? "";
  const rest = Math.floor(index / LETTERS.length);
  return rest === 0 ? letter : shortName(rest - 1) + letter;
}

/** Renames what the script declares at its top level, the most frequent names first. */
export function renameTopLevel(code: string, prefix: string): Rewritten {
  const program = parseScript(code);
  const { root } = findScopes(program);
  const taken = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") taken.add(node.name);
  });
  const text = new MagicString(code);
  const variables = [...root.variables.values()].sort(
    (a, b) => b.mentions.length - a.mentions.length || (a.name < b.name ? -1 : 1),
  );
  let index = 0;
  const names: string[] = [];
  for (const variable of variables) {
    let name = prefix + shortName(index++);
    while (taken.has(name)) name = prefix + shortName(index++);
    names.push(name);
    for (const mention of variable.mentions) {
      text.overwrite(mention.start, mention.end, name, { storeName: true });
    }
  }
  if (names.length > 2 * FIRST) text.prepend(`var ${names.slice(0, FIRST).join()};`);
  return rewritten(text);
}
