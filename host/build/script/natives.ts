/**
 * Native functions and objects that a script mentions often get a short name at its top level. That
 * saves bytes, and time as well: the interpreter looks through every name of the script, one after another, before
 * it comes to its own.
 * @module
 */
import type { AnyNode, Identifier } from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findScopes } from "./scope.ts";

/** Functions and objects of the interpreter that work under any name. */
const NATIVES = [
  "require",
  "print",
  "getTime",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "parseInt",
  "Math",
  "JSON",
  "String",
  "Object",
];
/** Characters of what declares a short name, besides both names. */
const DECLARATION = "=,".length;

/** Rewrites a script; a name is replaced by one of `short` characters where that saves bytes. */
export function shortenNatives(code: string, short: number): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  const mentions = new Map<string, Identifier[]>();
  for (const one of findScopes(program).free) {
    mentions.set(one.name, [...(mentions.get(one.name) ?? []), one]);
  }
  const declared: string[] = [];
  for (const name of NATIVES) {
    const all = mentions.get(name) ?? [];
    if (all.length * (name.length - short) <= name.length + short + DECLARATION) continue;
    declared.push(`_${name}=${name}`);
    for (const { start, end } of all) text.overwrite(start, end, `_${name}`, { storeName: true });
  }
  if (declared.length > 0) {
    // Functions come first: they are not hoisted.
    const first = program.body.find(doesSomething);
    text.appendRight(first?.start ?? code.length, `var ${declared.join()};`);
  }
  return rewritten(text);
}

function doesSomething(statement: AnyNode): boolean {
  if (statement.type === "VariableDeclaration")
    return statement.declarations.some(({ init }) => init);
  return statement.type !== "FunctionDeclaration";
}
