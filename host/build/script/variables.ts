/**
 * The interpreter knows a `var` only from its line on. Where a function uses one before, or outside
 * the block that declares it, the name is declared at the function's start as well.
 * @module
 */
import type { AnyNode, Identifier } from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findScopes, isFunction, type Scope, type Scopes, type Variable, walk } from "./scope.ts";

/** Rewrites a script so that no function uses a variable before the interpreter knows it. */
export function declareEarly(code: string): Rewritten {
  const program = parseScript(code);
  const scopes = findScopes(program);
  const text = new MagicString(code);
  for (const scope of scopes.all) {
    const names = earlyVariables(scope, scopes).map((variable) => variable.name);
    if (names.length === 0) continue;
    const start = isFunction(scope.node) ? scope.node.body.start + 1 : program.start;
    text.appendLeft(start, `var ${names.join(",")};`);
  }
  return rewritten(text);
}

/**
 * Variables of a scope that are mentioned where the interpreter does not know them yet. At the top
 * level only names from inside blocks count: functions there run after all of it.
 */
export function earlyVariables(scope: Scope, scopes: Scopes): Variable[] {
  if (scope.node.type === "CatchClause") return [];
  const isRoot = scope === scopes.root;
  const blocks = declaringBlocks(scope.node);
  return [...scope.variables.values()].filter((variable) => {
    const [first] = variable.declarations;
    const block = first && blocks.get(first);
    if (variable.kind !== "var" || !first || !block) return false;
    if (isRoot && block === scope.node) return false;
    return variable.mentions.some(
      (mention) =>
        mention.start < first.start || mention.start < block.start || mention.end > block.end,
    );
  });
}

/** For each identifier that a function declares the innermost block or `case` around it. */
function declaringBlocks(scope: AnyNode): Map<Identifier, AnyNode> {
  const blocks = new Map<Identifier, AnyNode>();
  walk(scope, (node, parents) => {
    if (node !== scope && isFunction(node)) return false;
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier") {
      blocks.set(node.id, blockOf(parents.length - 1, parents));
    }
    return undefined;
  });
  return blocks;
}

/** The block around the statement at `index`; a statement without braces is a block of its own. */
function blockOf(index: number, parents: AnyNode[]): AnyNode {
  const statement = parents[index] as AnyNode;
  const parent = parents[index - 1];
  if (!parent || /^(BlockStatement|SwitchCase|Program)$/.test(parent.type)) {
    return parent ?? statement;
  }
  // the head of a `for` declares in the block around the loop
  const isHead =
    (parent.type === "ForStatement" && parent.init === statement) ||
    (parent.type === "ForInStatement" && parent.left === statement);
  return isHead ? blockOf(index - 1, parents) : statement;
}
