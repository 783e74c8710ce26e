/**
 * What of JavaScript the interpreter's parser refuses or misunderstands; a script with any of it is
 * refused as a whole, as the interpreter would only find out when it gets there.
 * @module
 */
import type { AnyNode } from "acorn";

/** Why the interpreter can't run this node; undefined when it can. */
export function refusal(
  node: AnyNode,
  parent: AnyNode | undefined,
  source: string,
): string | undefined {
  switch (node.type) {
    case "SpreadElement":
      return "Got '...': spread is not supported";
    case "RestElement":
      return "Got '...': rest parameters are not supported";
    case "ObjectPattern":
    case "ArrayPattern":
      return "Got pattern: destructuring is not supported";
    case "AssignmentPattern":
      return "Got '=': default values are not supported";
    case "ChainExpression":
      return "Got '?.': optional chaining is not supported";
    case "LabeledStatement":
      return `"${node.label.name}" is not defined: labels are not supported`;
    case "TaggedTemplateExpression":
      return "Got template: tagged templates are not supported";
    case "YieldExpression":
    case "AwaitExpression":
      return "Got ID: generators and async functions are not supported";
    case "PrivateIdentifier":
    case "StaticBlock":
      return "Got '#': private members and static blocks are not supported";
    case "MetaProperty":
      return "Got '.': new.target is not supported";
    case "ImportExpression":
      return "Got import: modules are not supported";
    case "WithStatement":
      return "Got with: not supported";
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.async || node.generator
        ? "Got ID: generators and async functions are not supported"
        : undefined;
    case "Property":
      return node.computed ? "Got '[': computed keys are not supported" : undefined;
    case "MethodDefinition":
    case "PropertyDefinition":
      return node.computed ? "Got '[': computed members are not supported" : undefined;
    case "BinaryExpression":
      return node.operator === "**" ? "Got '*': ** is not supported" : undefined;
    case "AssignmentExpression":
      return ["**=", "??=", "||=", "&&="].includes(node.operator)
        ? `Got '=': ${node.operator} is not supported`
        : undefined;
    case "Literal":
      return literal(node, parent, source);
    case "SwitchStatement": {
      const at = node.cases.findIndex((one) => one.test === null || one.test === undefined);
      return at >= 0 && at < node.cases.length - 1 ? "CASE after DEFAULT unsupported" : undefined;
    }
    case "Identifier":
      return /[^\x20-\x7e]/.test(node.name) ? "non-ASCII identifier" : undefined;
    default:
      return undefined;
  }
}

function literal(
  node: AnyNode & { type: "Literal" },
  _parent: AnyNode | undefined,
  source: string,
): string | undefined {
  if ("bigint" in node && node.bigint) return '"n" is not defined: BigInt is not supported';
  if ("regex" in node && node.regex) {
    if (/[^gimuy]/.test(node.regex.flags)) return "unknown flag of a regular expression";
    // Only in a class does JavaScript let one stand without a backslash.
    if (node.regex.pattern.replace(/\\./g, "").includes("/"))
      return "Got ']': a / ends a regular expression, in a class too";
    if (source.slice(0, node.start).trimEnd().endsWith(")"))
      return "Got '/': a regular expression after a closing bracket";
  }
  return undefined;
}
