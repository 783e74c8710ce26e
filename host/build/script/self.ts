/**
 * What is read late says `this` often: there a function that would be shorter gets a variable for it.
 * Elsewhere `this` stays, for the interpreter takes longer to find a variable.
 * @module
 */
import type { AnyNode } from "acorn";
import MagicString from "magic-string";
import { MARK } from "./late.ts";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { type Fn, isFunction, selvesOf, walk } from "./scope.ts";

/** Of the variable; no other begins so. The last step but one makes it a letter. */
const NAME = "_self";
/** What each mention gets shorter by, and what the declaration takes, alone or before others. */
const SAVED = "this".length - 1;
const ALONE = "var t=this;".length;
const BEFORE_OTHERS = "t=this,".length;

/** Rewrites the functions behind the mark. */
export function nameThis(code: string): Rewritten {
  const text = new MagicString(code);
  const from = code.indexOf(MARK);
  if (from >= 0) {
    walk(parseScript(code), (node) => {
      if (isFunction(node) && node.start > from) nameIn(node, text);
    });
  }
  return rewritten(text);
}

function nameIn(fn: Fn, text: MagicString) {
  const mentions = selvesOf(fn);
  // Functions come first: they are not hoisted.
  const first = fn.body.body.find(({ type }) => type !== "FunctionDeclaration");
  if (first?.type === "VariableDeclaration") {
    const [declared] = first.declarations;
    if (declared?.id.type === "Identifier" && declared.init?.type === "ThisExpression") {
      // An inner function has made it need one.
      for (const one of mentions.slice(1)) text.update(one.start, one.end, declared.id.name);
      return;
    }
    if (mentions.length * SAVED <= BEFORE_OTHERS) return;
    text.appendLeft((declared as AnyNode).start, `${NAME}=this,`);
  } else {
    if (!first || mentions.length * SAVED <= ALONE) return;
    text.appendLeft(first.start, `var ${NAME}=this;`);
  }
  for (const one of mentions) text.update(one.start, one.end, NAME);
}
