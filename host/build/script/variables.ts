/**
 * The interpreter knows a `var` only from its line on. Where a function uses one before, or outside
 * the block that declares it, the name is declared at the function's start as well.
 * @module
 */
import type { AnyNode, Identifier } from "acorn";
import MagicString, { type SourceMap } from "magic-string";
import { parseScript } from "./parse.ts";
import { findScopes, isFunction, type Variable, walk } from "./scope.ts";

/** Rewrites a script so that no function uses a variable before the interpreter knows it. */
export function declareEarly(code: string): { code: string; map: SourceMap } {
  const program = parseScript(code);
  const scopes = findScopes(program);
  const blocks = declaringBlocks(program);
  const text = new MagicString(code);
  for (const scope of scopes.all) {
    const isRoot = scope === scopes.root;
    if (!isRoot && !isFunction(scope.node)) continue;
    const early = [...scope.variables.values()].filter((variable) =>
      isRoot ? isNested(variable, blocks, program) : isEarly(variable, blocks),
    );
    if (early.length === 0) continue;
    const body = isFunction(scope.node) ? (scope.node.body as AnyNode) : program;
    const start = isRoot ? program.start : body.start + 1;
    text.appendLeft(start, `var ${early.map((variable) => variable.name).join(",")};`);
  }
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}

/** For each declared identifier the innermost block, `case` or function body around it. */
function declaringBlocks(program: AnyNode): Map<Identifier, AnyNode> {
  const blocks = new Map<Identifier, AnyNode>();
  walk(program, (node, parents) => {
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier") return;
    const parent = parents[parents.length - 2];
    if (parent) blocks.set(node.id, blockOf(parents.length - 1, parents));
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

/** Whether a mention stands before the first declaration or outside its block. */
function isEarly(variable: Variable, blocks: Map<Identifier, AnyNode>): boolean {
  if (variable.kind !== "var") return false;
  const first = variable.declarations[0];
  const block = first && blocks.get(first);
  if (!first || !block) return false;
  return variable.mentions.some(
    (mention) =>
      mention.start < first.start || mention.start < block.start || mention.end > block.end,
  );
}

/** At the top level only names from inside blocks count: functions there run after all of it. */
function isNested(variable: Variable, blocks: Map<Identifier, AnyNode>, program: AnyNode): boolean {
  const first = variable.declarations[0];
  return first !== undefined && blocks.get(first) !== program && isEarly(variable, blocks);
}
