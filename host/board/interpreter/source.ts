/**
 * Prepares a script for the board's context. What the interpreter's language lacks is refused; what
 * it does otherwise than JavaScript is written as calls of hidden helpers (see runtime.ts): stops of
 * endless loops, exceptions that can't be caught, the depth of calls, `+` of numbers and texts.
 * @module
 */
import { parse } from "acorn";
import { type PrepareOptions, Refusal, Rewriter } from "./rewriter.ts";
import type { Node } from "./syntax-tree.ts";

const prepared = new Map<string, string>();
const cacheSize = 200;

/**
 * The text as it is run.
 * @throws Refusal when the interpreter could not run it
 */
export function prepare(source: string, options: PrepareOptions): string {
  const key = `${options.unicode}${options.isLine}\n${source}`;
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const text = new Rewriter(source, options).rewrite(parseScript(source));
  if (prepared.size > cacheSize) prepared.clear();
  prepared.set(key, text);
  return text;
}

function parseScript(source: string): Node {
  try {
    return parse(source, {
      ecmaVersion: "latest",
      sourceType: "script",
      allowHashBang: true,
    }) as Node;
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}
