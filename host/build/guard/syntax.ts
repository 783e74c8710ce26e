/**
 * Rules on syntax: what the interpreter lacks and the ES5 emit does not take away.
 * @module
 */
import ts from "../typescript.js";
import type { Guard, Rule } from "./rule.ts";

const REFUSED = new Map<ts.SyntaxKind, string>([
  [
    ts.SyntaxKind.LabeledStatement,
    "labels are not supported by the interpreter: put the loop into a function and return from it",
  ],
  [
    ts.SyntaxKind.YieldExpression,
    "generators are not supported by the interpreter: collect the values in an array, or take a callback",
  ],
  [
    ts.SyntaxKind.WithStatement,
    "`with` is not supported by the interpreter: name the object before each property",
  ],
  [
    ts.SyntaxKind.BigIntLiteral,
    "the interpreter has no BigInt: write a number, or two 32-bit halves",
  ],
  [
    ts.SyntaxKind.PrivateIdentifier,
    "`#` names need WeakMap, which the interpreter lacks: write `private` before an ordinary name",
  ],
  [
    ts.SyntaxKind.Decorator,
    "decorators are not supported: call the function after the class instead",
  ],
  [
    ts.SyntaxKind.AccessorKeyword,
    "`accessor` fields are not supported: write `get` and `set` over a private field",
  ],
]);

const refusedKinds: Rule = (node, guard) => {
  const message = REFUSED.get(node.kind);
  if (message !== undefined) guard.refuse(node, message);
};

const functions: Rule = (node, guard) => {
  if (ts.isFunctionLike(node) && "asteriskToken" in node && node.asteriskToken) {
    guard.refuse(
      node.asteriskToken as ts.Node,
      "generators are not supported by the interpreter: collect the values in an array, or take a callback",
    );
  }
  if (ts.isFunctionDeclaration(node) && node.body && !isBody(node.parent)) {
    guard.refuse(
      node,
      "a function declared in a block is not known before its line on the interpreter: move it out of the block, or write `const name = () => ...`",
    );
  }
};

function isBody(node: ts.Node): boolean {
  return (
    ts.isSourceFile(node) ||
    ts.isModuleBlock(node) ||
    (ts.isBlock(node) && ts.isFunctionLike(node.parent))
  );
}

const asynchrony: Rule = (node, guard) => {
  if (ts.isForOfStatement(node) && node.awaitModifier) {
    guard.refuse(
      node.awaitModifier,
      "`for await` needs iterators, which the interpreter lacks: await each item of an array",
    );
  }
  if (ts.isAwaitExpression(node) && !ts.findAncestor(node, ts.isFunctionLike)) {
    guard.refuse(
      node,
      "`await` outside a function is not supported: put it into an async function and call that",
    );
  }
};

const modules: Rule = (node, guard) => {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    guard.refuse(node, "`import()` is not supported: one script holds everything; write `import`");
  }
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
    guard.refuse(node, "`import.meta` is not supported: the script has no address");
  }
};

const switches: Rule = (node, guard) => {
  if (!ts.isCaseBlock(node)) return;
  const index = node.clauses.findIndex(ts.isDefaultClause);
  const clause = node.clauses[index];
  if (clause !== undefined && index !== node.clauses.length - 1) {
    guard.refuse(
      clause,
      "a `case` after `default` is an error on the interpreter: write `default` last",
    );
  }
};

const caseEffects: Rule = (node, guard) => {
  if (ts.isCaseClause(node) && hasEffect(node.expression)) {
    guard.refuse(
      node.expression,
      "the interpreter evaluates a `case` even after another one matched: put its value into a constant before the switch",
    );
  }
};

function hasEffect(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node)) {
    return true;
  }
  if (ts.isPostfixUnaryExpression(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) {
    const { operator } = node;
    if (operator === ts.SyntaxKind.PlusPlusToken) return true;
    if (operator === ts.SyntaxKind.MinusMinusToken) return true;
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) return true;
  }
  return ts.forEachChild(node, hasEffect) ?? false;
}

const declarations: Rule = (node, guard) => {
  if (!ts.isVariableDeclarationList(node)) return;
  const kind = node.flags & ts.NodeFlags.BlockScoped;
  if (kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing) {
    guard.refuse(
      node,
      "`using` is not supported by the interpreter: call the clean-up in `finally`",
    );
  }
};

const finallyJumps: Rule = (node, guard) => {
  if (!ts.isReturnStatement(node) && !ts.isBreakOrContinueStatement(node)) return;
  for (let at: ts.Node = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isBreakOrContinueStatement(node) && catches(at, node)) return;
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) {
      guard.refuse(
        node,
        "leaving `finally` by return, break or continue does not stop an exception on the interpreter: leave after the try statement",
      );
      return;
    }
  }
};

function catches(at: ts.Node, jump: ts.BreakOrContinueStatement): boolean {
  if (ts.isIterationStatement(at, false)) return true;
  return ts.isBreakStatement(jump) && ts.isSwitchStatement(at);
}

const constructions: Rule = (node, guard) => {
  if (!ts.isNewExpression(node)) return;
  const spread = node.arguments?.find(ts.isSpreadElement);
  if (spread) {
    guard.refuse(
      spread,
      "`new` with spread arguments is not supported by the interpreter: pass the array as one argument",
    );
  }
  if (comesFromBind(node.expression, guard)) {
    guard.refuse(
      node,
      "`new` of a bound function fails on the interpreter: call the constructor itself",
    );
  }
};

function comesFromBind(node: ts.Expression, guard: Guard): boolean {
  if (ts.isParenthesizedExpression(node)) return comesFromBind(node.expression, guard);
  if (ts.isAsExpression(node)) return comesFromBind(node.expression, guard);
  if (ts.isCallExpression(node)) {
    return ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "bind";
  }
  const declaration = guard.checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
    return comesFromBind(declaration.initializer, guard);
  }
  return false;
}

const loopDeletes: Rule = (node, guard) => {
  if (!ts.isForInStatement(node)) return;
  const list = node.expression.getText();
  const visit = (inner: ts.Node): void => {
    if (
      ts.isDeleteExpression(inner) &&
      ts.isElementAccessExpression(inner.expression) &&
      inner.expression.expression.getText() === list
    ) {
      guard.refuse(
        inner,
        "deleting keys inside `for...in` skips others on the interpreter: loop over Object.keys() of the object",
      );
    }
    ts.forEachChild(inner, visit);
  };
  visit(node.statement);
};

const nullLoops: Rule = (node, guard) => {
  if (!ts.isForInStatement(node)) return;
  const type = guard.checker.getTypeAtLocation(node.expression);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some((part) => part.flags & ts.TypeFlags.Null)) {
    guard.refuse(
      node.expression,
      "`for...in` over null throws on the interpreter: test for null before",
    );
  }
};

const protoKeys: Rule = (node, guard) => {
  if (ts.isPropertyAssignment(node) && node.name.getText().replace(/['"]/g, "") === "__proto__") {
    guard.refuse(
      node.name,
      "`__proto__` is an ordinary key on the interpreter: use Object.create(prototype)",
    );
  }
};

const ownArguments: Rule = (node, guard) => {
  if (!ts.isIdentifier(node) || node.text !== "arguments") return;
  const around = ts.findAncestor(node, ts.isFunctionLike);
  const isAsync = around && ts.canHaveModifiers(around) && hasModifier(around, "async");
  if (around && (ts.isArrowFunction(around) || isAsync)) {
    guard.refuse(
      node,
      "`arguments` of an arrow or an async function is another one on the interpreter: write a rest parameter",
    );
  }
};

function hasModifier(node: ts.HasModifiers, name: string): boolean {
  return (node.modifiers ?? []).some((modifier) => modifier.getText() === name);
}

/** All rules on syntax. */
export const syntaxRules: Rule[] = [
  refusedKinds,
  functions,
  asynchrony,
  modules,
  switches,
  caseEffects,
  declarations,
  finallyJumps,
  constructions,
  loopDeletes,
  nullLoops,
  protoKeys,
  ownArguments,
];
