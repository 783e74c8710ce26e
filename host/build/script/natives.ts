/**
 * Native functions and objects that a script mentions often get a short name at its top level, a static
 * function one of its own. That
 * saves bytes, and time as well: the interpreter looks through every name of the script, one after another, before
 * it comes to its own.
 * @module
 */
import type { AnyNode, MemberExpression } from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findScopes, nameOf, walk } from "./scope.ts";

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
/** Their members that do not ask for `this`. */
const STATICS = [
  "String.fromCharCode",
  "JSON.stringify",
  "JSON.parse",
  "Object.assign",
  "Object.defineProperty",
  "Math.min",
  "Math.max",
  "Math.floor",
  "E.toUint8Array",
];
/** Characters that such a name has to save: it takes two variables of the interpreter. */
const WORTH = 20;
/** Characters of what declares a short name, besides both names. */
const DECLARATION = "=,".length;

/** Rewrites a script; a name is replaced by one of `short` characters where that saves bytes. */
export function shortenNatives(code: string, short: number): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  const { free } = findScopes(program);
  const mentions = new Map<string, AnyNode[]>();
  for (const one of free) {
    mentions.set(one.name, [...(mentions.get(one.name) ?? []), one]);
  }
  const declared: string[] = [];
  const shorten = (name: string, all: AnyNode[], worth: number): boolean => {
    const saved = all.length * (name.length - short) - (name.length + short + DECLARATION);
    if (saved <= worth) return false;
    const by = `_${name.replace(".", "_")}`;
    declared.push(`${by}=${name}`);
    for (const { start, end } of all) text.overwrite(start, end, by, { storeName: true });
    return true;
  };
  const isFree = new Set<AnyNode>(free);
  const members = new Map<string, MemberExpression[]>();
  walk(program, (node) => {
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return;
    const { object } = node;
    if (!isFree.has(object)) return;
    const name = `${object.name}.${nameOf(node)}`;
    members.set(name, [...(members.get(name) ?? []), node]);
  });
  for (const name of STATICS) {
    const all = members.get(name) ?? [];
    const [owner = ""] = name.split(".");
    if (!shorten(name, all, WORTH)) continue;
    const gone = new Set<AnyNode>(all.map(({ object }) => object));
    const left = mentions.get(owner)?.filter((one) => !gone.has(one)) ?? [];
    mentions.set(owner, left);
  }
  for (const name of NATIVES) shorten(name, mentions.get(name) ?? [], 0);
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
