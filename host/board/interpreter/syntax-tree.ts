/**
 * Questions about a script's syntax tree.
 * @module
 */
import type { AnyNode } from "acorn";

/** A node of the parsed script. */
export type Node = AnyNode & { start: number; end: number };

/** Types of nodes by which the interpreter's stack grows. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);
export const STATEMENTS: ReadonlySet<string> = new Set([
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "TryStatement",
  "SwitchStatement",
  "SwitchCase",
  "BlockStatement",
]);
export const EXPRESSIONS: ReadonlySet<string> = new Set([
  "BinaryExpression",
  "LogicalExpression",
  "ConditionalExpression",
  "AssignmentExpression",
]);

/** The nodes directly below. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  // Each script goes through here node by node.
  for (const key in node) {
    const value: unknown = node[key as keyof Node];
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) found.push(one);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Whether an identifier is a property's name or the callee of a call, not a value. */
export function isName(node: Node, parent: Node): boolean {
  if (parent.type === "CallExpression") return parent.callee === node;
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  return parent.type === "Property" && parent.key === node && !parent.shorthand;
}

/** Whether a node is a text in quotes. */
export function isPlainText(node: AnyNode): boolean {
  return node.type === "Literal" && typeof node.value === "string";
}
