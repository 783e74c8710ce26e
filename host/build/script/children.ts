/**
 * The children of a script's nodes. Every step of the build goes through the whole script, most of them
 * several times: what a node may hold is written down here, rather than looked for in each.
 * @module
 */
import type { AnyNode } from "acorn";

type Visit = (node: AnyNode) => void;

function each(nodes: (AnyNode | null)[], visit: Visit): void {
  for (const node of nodes) if (node) visit(node);
}

/** Calls `visit` for the direct children of a node, in the order of the text. */
export function eachChild(node: AnyNode, visit: Visit): void {
  switch (node.type) {
    case "Identifier":
    case "Literal":
    case "ThisExpression":
    case "EmptyStatement":
      return;
    case "MemberExpression":
      visit(node.object);
      visit(node.property);
      return;
    case "CallExpression":
    case "NewExpression":
      visit(node.callee);
      each(node.arguments, visit);
      return;
    case "ExpressionStatement":
      visit(node.expression);
      return;
    case "AssignmentExpression":
    case "BinaryExpression":
    case "LogicalExpression":
      visit(node.left);
      visit(node.right);
      return;
    case "UnaryExpression":
    case "UpdateExpression":
    case "ThrowStatement":
      visit(node.argument);
      return;
    case "ReturnStatement":
      if (node.argument) visit(node.argument);
      return;
    case "Program":
    case "BlockStatement":
      each(node.body, visit);
      return;
    case "FunctionDeclaration":
    case "FunctionExpression":
      if (node.id) visit(node.id);
      each(node.params, visit);
      visit(node.body);
      return;
    case "VariableDeclaration":
      each(node.declarations, visit);
      return;
    case "VariableDeclarator":
      visit(node.id);
      if (node.init) visit(node.init);
      return;
    case "IfStatement":
    case "ConditionalExpression":
      visit(node.test);
      visit(node.consequent);
      if (node.alternate) visit(node.alternate);
      return;
    case "Property":
      visit(node.key);
      visit(node.value);
      return;
    case "ObjectExpression":
      each(node.properties, visit);
      return;
    case "ArrayExpression":
      each(node.elements, visit);
      return;
    case "SequenceExpression":
      each(node.expressions, visit);
      return;
    default:
      each(childrenOf(node), visit);
  }
}

/** The children of a node of any other kind. */
function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const name in node) {
    const value: unknown = node[name as keyof AnyNode];
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children.sort((a, b) => a.start - b.start);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as AnyNode).type === "string";
}
