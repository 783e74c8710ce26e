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
    // a `for` declares in the block around it; a statement without braces is a block of its own
    for (let index = parents.length - 2; index >= 0; index--) {
      const parent = parents[index] as AnyNode;
      if (/^(BlockStatement|SwitchCase|Program)$/.test(parent.type)) {
        blocks.set(node.id, parent);
        return;
      }
    }
  });
  return blocks;
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
