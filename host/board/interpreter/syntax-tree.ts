/**
 * Questions about a script's syntax tree.
 * @module
 */
import type { AnyNode } from "acorn";

/** A node of the parsed script. */
export type Node = AnyNode & { start: number; end: number };

/** The nodes directly below. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === "type" || key === "start" || key === "end") continue;
    for (const one of Array.isArray(value) ? value : [value])
      if (one && typeof one === "object" && typeof (one as Node).type === "string")
        found.push(one as Node);
  }
  return found;
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
