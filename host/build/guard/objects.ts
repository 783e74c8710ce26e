/**
 * Rules on classes, errors, operators and calls whose meaning differs on the interpreter; they go
 * by types.
 * @module
 */
import ts from "../typescript.js";
import type { Rule } from "./rule.ts";
import { builtInBase, globalName, isString, isTypedArray } from "./types.ts";

/** Built-in classes that the build can lower subclasses of. */
const EXTENSIBLE = ["Error", "TypeError", "SyntaxError"];

const bases: Rule = (node, guard) => {
  if (!ts.isHeritageClause(node) || node.token !== ts.SyntaxKind.ExtendsKeyword) return;
  const base = node.types[0]?.expression;
  if (!base || !ts.isClassLike(node.parent)) return;
  const name = globalName(base, guard.checker);
  if (name !== undefined && !EXTENSIBLE.includes(name)) {
    guard.refuse(base, `${name} can't be extended on the interpreter: hold one in a field`);
  }
};

const instances: Rule = (node, guard) => {
  if (!ts.isBinaryExpression(node)) return;
  if (node.operatorToken.kind !== ts.SyntaxKind.InstanceOfKeyword) return;
  if (globalName(node.right, guard.checker) === "Error") {
    guard.refuse(
      node,
      "`instanceof Error` is false for a TypeError and the like on the interpreter: test a class of your own, or look at `message`",
    );
  }
};

const powers: Rule = (node, guard) => {
  let exponent: ts.Expression | undefined;
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (
      kind === ts.SyntaxKind.AsteriskAsteriskToken ||
      kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken
    ) {
      exponent = node.right;
    }
  } else if (ts.isCallExpression(node) && node.expression.getText() === "Math.pow") {
    exponent = node.arguments[1];
  }
  if (!exponent) return;
  const isFraction = ts.isNumericLiteral(exponent) && !Number.isInteger(Number(exponent.text));
  if (!isFraction) {
    guard.refuse(
      node,
      "powers of whole numbers are inexact on the interpreter (2 ** 31 gives 2147483648.000002): multiply, shift, or write the number",
    );
  }
};

const dates: Rule = (node, guard) => {
  const parts: ts.Expression[] = [];
  if (ts.isTemplateSpan(node)) parts.push(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    parts.push(node.left, node.right);
  }
  for (const part of parts) {
    const type = guard.checker.getTypeAtLocation(part);
    if (builtInBase(type, ["Date"])) {
      guard.refuse(part, "a Date in text gives a number on the interpreter: call toISOString()");
    }
  }
};

const indexes: Rule = (node, guard) => {
  if (!ts.isElementAccessExpression(node)) return;
  const index = node.argumentExpression;
  const isNegative =
    ts.isPrefixUnaryExpression(index) && index.operator === ts.SyntaxKind.MinusToken;
  if (!isNegative) return;
  const type = guard.checker.getTypeAtLocation(node.expression);
  if (isString(type) || isTypedArray(type)) {
    guard.refuse(
      node,
      "a negative index throws on the interpreter: count from the end with `length`",
    );
  }
};

/** All rules on classes, errors and operators. */
export const objectRules: Rule[] = [bases, instances, powers, dates, indexes];
