/**
 * Correct ES5 that the interpreter's parser does not take, written so that it does. Comes after the
 * last printing, which would undo it.
 * @module
 */
import type {
  AnyNode,
  ArrayExpression,
  BinaryExpression,
  ForStatement,
  Literal,
  ReturnStatement,
  SequenceExpression,
} from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { isFunction, walk } from "./scope.ts";

/** Rewrites a finished script. */
export function fitGrammar(code: string): Rewritten {
  const text = new MagicString(code);
  const wrap = (node: AnyNode): void => {
    text.appendLeft(node.start, "(").appendRight(node.end, ")");
  };
  walk(parseScript(code), (node, parents) => {
    const parent = parents[parents.length - 1];
    if (node.type === "SequenceExpression" && parent && isBare(node, parent)) wrap(node);
    // a hole is an error where the array is skipped over
    if (node.type === "ArrayExpression") fillHoles(node, text, code);
    if (node.type === "Literal" && (isDivision(node, code) || isFirst(node, parents))) wrap(node);
    if (node.type === "BinaryExpression" && isPattern(node, code)) wrap(node.left);
    if (node.type === "ReturnStatement" && isLastReturn(node, code)) text.appendLeft(node.end, ";");
    // a function or an object first in a loop's head is taken for a statement
    if (node.type === "ForStatement" && node.init && startsStatement(node.init, code)) {
      wrap(node.init);
    }
    if (node.type === "ForStatement" && node.init && usesIn(node.init)) {
      moveInit(node, parent, text, code);
    }
  });
  return rewritten(text);
}

function fillHoles(node: ArrayExpression, text: MagicString, code: string): void {
  let at = node.start + 1;
  for (const element of node.elements) {
    if (element === null) text.appendLeft(at, "void 0");
    else at = element.end;
    at = code.indexOf(",", at) + 1;
  }
}

/** `case a, b:` and `o[a, b]`, where only one expression is read. */
function isBare(node: SequenceExpression, parent: AnyNode): boolean {
  if (parent.type === "SwitchCase") return parent.test === node;
  return parent.type === "MemberExpression" && parent.computed && parent.property === node;
}

/** Words that the interpreter reads as such after a `.`, too. */
export const RESERVED = new Set(
  (
    "break case catch class const continue debugger default delete do else extends finally for " +
    "function if in instanceof let new of return static super switch this throw try typeof var " +
    "void while"
  ).split(" "),
);

/** A regular expression whose first `/` the interpreter takes for a division. */
export function isDivision(node: Literal, code: string): boolean {
  return node.regex !== undefined && /[)\]|^~]\s*$/.test(code.slice(0, node.start));
}

/**
 * A text or regular expression at the start of a statement. Where code before it was skipped (after
 * `case`, or after a block that was not run) the interpreter reads it as empty.
 */
export function isFirst(node: Literal, parents: AnyNode[]): boolean {
  if (typeof node.value !== "string" && !node.regex) return false;
  return parents.some(({ type, start }) => type === "ExpressionStatement" && start === node.start);
}

/** A division whose `/` the interpreter takes for the start of a regular expression. */
export function isPattern({ operator, left, right }: BinaryExpression, code: string): boolean {
  if (operator !== "/") return false;
  const before = code.slice(left.start, right.start).replace(/\s*\/[\s(]*$/, "");
  if (/(\}|\+\+|--|\bthis)$/.test(before)) return true;
  const word = /\.\s*(\w+)$/.exec(before);
  return word !== null && RESERVED.has(word[1] ?? "");
}

/** `return` as a function's last word, where the interpreter waits for a value. */
export function isLastReturn(node: ReturnStatement, code: string): boolean {
  return !node.argument && code[node.end - 1] !== ";";
}

function startsStatement(init: AnyNode, code: string): boolean {
  return init.type !== "VariableDeclaration" && /^(function\b|\{)/.test(code.slice(init.start));
}

/** Whether the operator `in` occurs, which the head of a `for` takes for the start of a list. */
function usesIn(init: AnyNode): boolean {
  let found = false;
  walk(init, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "BinaryExpression" && node.operator === "in") found = true;
    return undefined;
  });
  return found;
}

/** Puts the head's first part before the loop. */
function moveInit(
  node: ForStatement,
  parent: AnyNode | undefined,
  text: MagicString,
  code: string,
): void {
  if (!node.init) return;
  // the part may stand in parentheses that belong to no node
  const start = code.indexOf("(", node.start) + 1;
  const end = code.indexOf(";", node.init.end);
  text.move(start, end, node.start);
  text.appendLeft(end, ";");
  if (!parent || !/^(Program|BlockStatement|SwitchCase)$/.test(parent.type)) {
    text.prependRight(start, "{");
    text.appendLeft(node.end, "}");
  }
}
