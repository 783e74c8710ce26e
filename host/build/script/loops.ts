/**
 * `do ... while` becomes `for`. The interpreter evaluates its condition once more after a `break`,
 * and one that is skipped after a `break` of the switch around it sets execution going again.
 * @module
 */
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { walk } from "./scope.ts";

/** Rewrites a script whose names may still be changed afterwards. */
export function replaceDoWhile(code: string): Rewritten {
  const program = parseScript(code);
  const taken = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") taken.add(node.name);
  });
  const text = new MagicString(code);
  let count = 0;
  walk(program, (node) => {
    if (node.type !== "DoWhileStatement") return;
    let first = `first${count++}`;
    while (taken.has(first)) first = `first${count++}`;
    const { body, test } = node;
    text.overwrite(node.start, body.start, "");
    text.appendLeft(node.start, `for (var ${first} = 1; ${first} || (`);
    text.move(test.start, test.end, body.start);
    text.appendLeft(test.end, `); ${first} = 0) `);
    text.remove(body.end, test.start);
    text.overwrite(test.end, node.end, "");
  });
  return rewritten(text);
}
