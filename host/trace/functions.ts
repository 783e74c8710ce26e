/**
 * The functions of a script, and what is called where: a trace names tokens, people want calls.
 * @module
 */
import { type AnyNode, parse } from "acorn";
import { plainCode } from "../tokens/plain.ts";

/** A function by where its body lies in the script. */
export interface FunctionRange {
  /** As the interpreter names it in a trace; undefined when it has no name. */
  name: string | undefined;
  /** From behind the opening brace to the closing one. */
  start: number;
  end: number;
}

/** What the syntax tree tells about places in a script. */
export interface Outline {
  /** Inner functions after the ones around them. */
  functions: FunctionRange[];
  /** Place of the called name, by the place of the closing bracket of its call. */
  calls: Map<number, number>;
}

function nodesOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is AnyNode => typeof value?.type === "string");
}

/** Where the name stands that a call is known by. */
function calledName(callee: AnyNode): number {
  return callee.type === "MemberExpression" ? callee.property.start : callee.start;
}

function nameOf(node: AnyNode, parent: AnyNode | undefined): string | undefined {
  if ("id" in node && node.id?.type === "Identifier") return node.id.name;
  if (parent?.type === "AssignmentExpression") {
    const { left } = parent;
    if (left.type === "Identifier") return left.name;
    if (left.type !== "MemberExpression" || left.property.type !== "Identifier") return undefined;
    return left.property.name;
  }
  if (parent?.type === "Property" && parent.key.type === "Identifier") return parent.key.name;
  if (parent?.type === "VariableDeclarator" && parent.id.type === "Identifier") {
    return parent.id.name;
  }
  return undefined;
}

/** Reads a script, with tokens or without; one that is not JavaScript gives an empty outline. */
export function outline(script: string): Outline {
  const { text, inCode } = plainCode(script);
  const found: Outline = { functions: [], calls: new Map() };
  const visit = (node: AnyNode, parent: AnyNode | undefined): void => {
    if (/Function/.test(node.type) && "body" in node) {
      const body = node.body as AnyNode;
      const inner = body.type === "BlockStatement" ? 1 : 0;
      const range = { start: inCode(body.start + inner), end: inCode(body.end - inner) };
      found.functions.push({ name: nameOf(node, parent), ...range });
    }
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      found.calls.set(inCode(node.end - 1), inCode(calledName(node.callee)));
    }
    for (const child of nodesOf(node)) visit(child, node);
  };
  try {
    visit(parse(text, { ecmaVersion: "latest", sourceType: "script" }), undefined);
  } catch {
    // Positions alone have to do.
  }
  return found;
}
