/**
 * Writes operators and reserved words as the single bytes that the interpreter has for them, which it
 * needn't read letter by letter. The script is bytes from here on, and `host/tokens` reads it.
 * @module
 */
import { type AnyNode, parse, type Token } from "acorn";
import MagicString from "magic-string";
import { tokenOf } from "../../tokens/table.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { walk } from "./scope.ts";

/** `catch` is left: as a token it is no name of a method (Espruino's issue 1868). */
const LEFT = "catch";

/** What is shorter as a word that is a token. */
function shortWord(node: AnyNode): string | undefined {
  if (node.type !== "UnaryExpression" || node.argument.type !== "Literal") return undefined;
  const { operator, argument } = node;
  if (operator === "void") return "undefined";
  if (operator !== "!") return undefined;
  return argument.raw === "0" ? "true" : argument.raw === "1" ? "false" : undefined;
}

/** A script of plain ASCII with tokens. */
export function pretokenise(code: string): Rewritten {
  const text = new MagicString(code);
  /** Ends of what a token replaces, by its start; names of members are none. */
  const replaced = new Map<number, { end: number; token: string | undefined }>();
  const tokens: Token[] = [];
  const program = parse(code, { ecmaVersion: 2022, onToken: tokens });
  walk(program, (node, parents) => {
    const word = shortWord(node);
    if (word !== undefined) replaced.set(node.start, { end: node.end, token: tokenOf(word) });
    const parent = parents[parents.length - 1];
    const isMember =
      (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) ||
      (parent?.type === "Property" && parent.key === node);
    if (isMember) replaced.set(node.start, { end: node.end, token: undefined });
  });
  /** Whether a token stands directly before. */
  let wasToken = false;
  let last = 0;
  for (const { start, end } of tokens) {
    if (start < last) continue;
    const word = code.slice(start, end);
    const made = replaced.get(start) ?? { end, token: word === LEFT ? undefined : tokenOf(word) };
    const isToken = made.token !== undefined;
    if (start > last && (isToken || wasToken)) text.remove(last, start);
    if (made.token !== undefined) text.overwrite(start, made.end, made.token);
    wasToken = isToken;
    last = made.end;
  }
  return rewritten(text);
}
