/**
 * The last look at an emitted script: whatever slipped through the guard on the sources and the
 * steps of the build, and would be an error, or silently something else, on the interpreter.
 * @module
 */
import { type AnyNode, getLineInfo, type Literal, type Position } from "acorn";
import { regExpLacks } from "../guard/regexp.ts";
import { isDivision, isFirst, isLastReturn, isPattern } from "./grammar.ts";
import { parseScript } from "./parse.ts";
import { findScopes, isFunction, type Scopes, walk } from "./scope.ts";
import { earlyVariables } from "./variables.ts";

/** Something that the interpreter can't take; lines count from 1, columns from 0. */
export interface Flaw {
  at: Position;
  message: string;
}

const KNOWN_NODES = new Set(
  (
    "ArrayExpression AssignmentExpression BinaryExpression BlockStatement BreakStatement " +
    "CallExpression CatchClause ConditionalExpression ContinueStatement " +
    "EmptyStatement ExpressionStatement ForInStatement ForStatement FunctionDeclaration " +
    "FunctionExpression Identifier IfStatement Literal LogicalExpression MemberExpression " +
    "NewExpression ObjectExpression Program Property ReturnStatement SequenceExpression " +
    "SwitchCase SwitchStatement ThisExpression ThrowStatement TryStatement UnaryExpression " +
    "UpdateExpression VariableDeclaration VariableDeclarator WhileStatement"
  ).split(" "),
);

type Report = (node: AnyNode, message: string) => void;

/**
 * Flaws of a script. `globals` are the names that the interpreter provides.
 */
export function findFlaws(code: string, globals: Set<string>): Flaw[] {
  const program = parseScript(code);
  const flaws: Flaw[] = [];
  const report: Report = (node, message) => {
    flaws.push({ at: getLineInfo(code, node.start), message });
  };
  walk(program, (node, parents) => {
    checkNode(node, parents[parents.length - 1], code, report);
    if (node.type === "Literal" && isFirst(node, parents)) {
      report(node, "a statement begins with a literal");
    }
  });
  checkNames(findScopes(program), globals, report);
  return flaws;
}

function checkNode(node: AnyNode, parent: AnyNode | undefined, code: string, report: Report): void {
  if (!KNOWN_NODES.has(node.type)) report(node, `${node.type} is not lowered`);
  switch (node.type) {
    case "Program":
      checkOrder(node.body, report);
      break;
    case "BlockStatement":
      checkOrder(node.body, report);
      if (parent && !isFunction(parent) && node.body.some((part) => isFunction(part))) {
        report(node, "a function is declared in a block");
      }
      break;
    case "FunctionDeclaration":
    case "FunctionExpression":
      if (node.async || node.generator) report(node, "an async function or generator is left");
      for (const part of node.params) if (part.type !== "Identifier") report(part, "a parameter");
      break;
    case "SwitchStatement":
      if (node.cases.slice(0, -1).some((part) => !part.test)) report(node, "default is not last");
      break;
    case "Identifier":
      if (node.name.length > 63) report(node, "an identifier has more than 63 characters");
      break;
    case "Property":
      if (node.computed || node.shorthand) report(node, "a property is not lowered");
      break;
    case "ArrayExpression":
      if (node.elements.includes(null)) report(node, "an array has a hole");
      break;
    case "BinaryExpression":
      if (node.operator === "**") report(node, "** is not lowered");
      if (isPattern(node, code)) report(node, "a division is taken for a regular expression");
      break;
    case "AssignmentExpression":
      if (/^(\*\*|\?\?|\|\||&&)=$/.test(node.operator)) report(node, `${node.operator} is left`);
      break;
    case "ReturnStatement":
      if (isLastReturn(node, code)) report(node, "a return lacks its semicolon");
      break;
    case "Literal":
      checkLiteral(node, code, report);
      break;
  }
}

/** The interpreter knows a function from its declaration on. */
function checkOrder(body: AnyNode[], report: Report): void {
  let started = false;
  for (const statement of body) {
    if (statement.type === "FunctionDeclaration") {
      if (started) report(statement, "a function is declared after a statement");
    } else if (statement.type === "VariableDeclaration") {
      started ||= statement.declarations.some((part) => part.init);
    } else started = true;
  }
}

function checkLiteral(node: Literal, code: string, report: Report): void {
  const raw = code.slice(node.start, node.end);
  if (node.regex) {
    const lacks = regExpLacks(node.regex.pattern, node.regex.flags);
    if (lacks !== undefined) report(node, `${lacks} in a regular expression`);
    if (isDivision(node, code)) report(node, "a regular expression is taken for a division");
  } else if (node.bigint) report(node, "a BigInt is left");
  else if (typeof node.value === "string") {
    const plain = raw.replace(/\\\\/g, "");
    if (/[^ -~]|\\u/.test(plain)) report(node, "a string holds more than ASCII and \\xHH");
  } else if (typeof node.value === "number") {
    if (node.value > 2 ** 53 && !/e/i.test(raw)) report(node, `${raw} wraps on the interpreter`);
  }
}

function checkNames(scopes: Scopes, globals: Set<string>, report: Report): void {
  for (const mention of scopes.free) {
    if (mention.name === "arguments" || mention.name === "undefined") continue;
    if (!globals.has(mention.name)) report(mention, `the interpreter has no "${mention.name}"`);
  }
  for (const variable of scopes.all.flatMap((scope) => earlyVariables(scope, scopes))) {
    const first = variable.mentions[0];
    if (first) report(first, `"${variable.name}" is used before its declaration`);
  }
}
