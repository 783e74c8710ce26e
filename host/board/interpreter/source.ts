/**
 * Prepares a script for the board's context. What the interpreter's language lacks is refused; what
 * it does otherwise than JavaScript is written as calls of hidden helpers (see runtime.ts): stops of
 * endless loops, exceptions that can't be caught, the depth of calls, `+` of numbers and texts.
 * @module
 */
import { parse } from "acorn";
import { type PrepareOptions, Refusal, Rewriter } from "./rewriter.ts";
import type { Node } from "./syntax-tree.ts";

/** A script as it is run. */
export interface Prepared {
  text: string;
  /** Stands in the name under which it is run. */
  number: number;
}

const prepared = new Map<string, Prepared>();
/** For traces: scripts live longer than the cache, so some are kept besides. */
const rewriters = new Map<number, Rewriter>();
const cacheSize = 200;
let count = 0;

/**
 * Prepares a script.
 * @throws Refusal when the interpreter could not run it
 */
export function prepare(source: string, options: PrepareOptions): Prepared {
  const key = `${options.unicode}${options.isLine}\n${source}`;
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const rewriter = new Rewriter(source, options);
  const made = { text: rewriter.rewrite(parseScript), number: ++count };
  if (prepared.size > cacheSize) prepared.clear();
  prepared.set(key, made);
  rewriters.set(count, rewriter);
  if (rewriters.size > cacheSize) rewriters.delete(rewriters.keys().next().value as number);
  return made;
}

/** The file name of a script in V8's traces. */
export function scriptName(number: number): string {
  return `espruino:#${number}`;
}

/** What was prepared under a number, while it is known. */
export function rewriterOf(number: number): Rewriter | undefined {
  return rewriters.get(number);
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
