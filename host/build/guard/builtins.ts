/**
 * Rules on the built-ins: what the type declarations can't express, and what slips past them
 * through `any`.
 * @module
 */
import ts from "../typescript.js";
import type { Guard, Rule } from "./rule.ts";
import { builtInBase, globalName, isAny, isArray } from "./types.ts";

/** Methods of ECMAScript that no object of the interpreter has. */
const ABSENT =
  "at codePointAt copyWithin entries finally findLast findLastIndex flat flatMap isPrototypeOf " +
  "localeCompare matchAll normalize off once propertyIsEnumerable reduceRight search " +
  "toExponential toLocaleString toPrecision trimEnd trimStart values";

const absentMethods: Rule = (node, guard) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const { name, expression } = node.expression;
  if (!ABSENT.split(" ").includes(name.text)) return;
  if (isAny(guard.checker.getTypeAtLocation(expression))) {
    guard.refuse(
      name,
      `the interpreter has no method "${name.text}": use another, or give the object a type that has it`,
    );
  }
};

const absentGlobals: Rule = (node, guard) => {
  if (!ts.isIdentifier(node) || node.text !== "Symbol") return;
  if (globalName(node, guard.checker) === "Symbol" && ts.isExpression(node.parent)) {
    guard.refuse(node, "the interpreter has no Symbol: use a string key");
  }
};

const lengths: Rule = (node, guard) => {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "length") return;
  const { parent } = node;
  const assigned =
    (ts.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment) ||
    ((ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
      (parent.operator === ts.SyntaxKind.PlusPlusToken ||
        parent.operator === ts.SyntaxKind.MinusMinusToken));
  if (assigned && isAny(guard.checker.getTypeAtLocation(node.expression))) {
    guard.refuse(
      node,
      "assigning an array's length throws on the interpreter: empty it with splice(0)",
    );
  }
};

const prototypes: Rule = (node, guard) => {
  if (!ts.isPropertyAccessExpression(node)) return;
  const owner = node.expression;
  if (!ts.isPropertyAccessExpression(owner) || owner.name.text !== "prototype") return;
  const name = globalName(owner.expression, guard.checker);
  if (name === undefined || (name === "Object" && node.name.text === "hasOwnProperty")) return;
  guard.refuse(
    node,
    `built-in methods are not properties of ${name}.prototype on the interpreter: call the method on a value, e.g. [].slice.call(list)`,
  );
};

const names: Rule = (node, guard) => {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "name") return;
  const owner = node.expression;
  if (ts.isPropertyAccessExpression(owner) && owner.name.text === "constructor") {
    guard.refuse(node, "functions and classes have no name on the interpreter: keep it in a field");
  }
};

function calls(object: string, method: string, visit: (call: ts.CallExpression, g: Guard) => void) {
  const rule: Rule = (node, guard) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { name, expression } = node.expression;
    if (name.text === method && globalName(expression, guard.checker) === object) {
      visit(node, guard);
    }
  };
  return rule;
}

const assigns = calls("Object", "assign", (call, guard) => {
  const target = call.arguments[0];
  if (target && isArray(guard.checker.getTypeAtLocation(target), guard.checker)) {
    guard.refuse(target, "Object.assign to an array throws on the interpreter: copy the items");
  }
});

const codes = calls("String", "fromCharCode", (call, guard) => {
  for (const code of call.arguments) {
    if (ts.isNumericLiteral(code) && Number(code.text) > 255) {
      guard.refuse(
        code,
        "strings hold bytes on the interpreter, codes above 255 are cut: write the character in a string",
      );
    }
  }
});

const writes = calls("JSON", "stringify", (call, guard) => {
  const [value] = call.arguments;
  if (value) checkWritten(guard.checker.getTypeAtLocation(value), value, guard, 0);
});

function checkWritten(type: ts.Type, node: ts.Expression, guard: Guard, depth: number): void {
  if (isAny(type) || depth > 3) return;
  const parts = type.isUnion() ? type.types : [type];
  for (const part of parts) {
    if (builtInBase(part, ["Error"])) {
      guard.refuse(
        node,
        "JSON.stringify of an Error writes message, type and stack on the interpreter: write the fields you want",
      );
    } else if (guard.checker.isArrayType(part)) {
      const item = guard.checker.getTypeArguments(part as ts.TypeReference)[0];
      if (item && item.getCallSignatures().length > 0) {
        guard.refuse(
          node,
          "JSON.stringify of functions in an array gives invalid JSON on the interpreter: leave them out",
        );
      } else if (item) checkWritten(item, node, guard, depth + 1);
    } else if (part.flags & ts.TypeFlags.Object && !part.getCallSignatures().length) {
      for (const property of part.getProperties()) {
        const declaration = property.valueDeclaration ?? property.declarations?.[0];
        if (declaration && isLiteralGetter(declaration)) {
          guard.refuse(
            node,
            `JSON.stringify leaves out getters on the interpreter: make "${property.name}" a plain property`,
          );
        } else if (declaration && !declaration.getSourceFile().isDeclarationFile) {
          const inner = guard.checker.getTypeOfSymbolAtLocation(property, node);
          checkWritten(inner, node, guard, depth + 1);
        }
      }
    }
  }
}

function isLiteralGetter(node: ts.Declaration): boolean {
  return ts.isGetAccessorDeclaration(node) && ts.isObjectLiteralExpression(node.parent);
}

const badDates: Rule = (node, guard) => {
  if (!ts.isNewExpression(node) || globalName(node.expression, guard.checker) !== "Date") return;
  const text = node.arguments?.[0];
  if (text && ts.isStringLiteralLike(text) && Number.isNaN(Date.parse(text.text))) {
    guard.refuse(text, "an unreadable date is 1970 on the interpreter, not NaN: write ISO 8601");
  }
};

/** All rules on built-ins. */
export const builtInRules: Rule[] = [
  absentMethods,
  absentGlobals,
  lengths,
  prototypes,
  names,
  assigns,
  codes,
  writes,
  badDates,
];
