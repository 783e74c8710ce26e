/**
 * Takes the functions away that TypeScript's ES5 emit puts around classes. On the interpreter every
 * method would keep such a function's scope in memory for good.
 * @module
 */
import type {
  AnyNode,
  Expression,
  FunctionExpression,
  Identifier,
  Program,
  VariableDeclaration,
} from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findAssigned, findScopes, type Scopes, type Variable, walk, walkOwn } from "./scope.ts";

interface Wrapped {
  statement: VariableDeclaration;
  /** The variable that holds the class. */
  outer: Variable;
  wrapper: FunctionExpression;
  base: Expression | undefined;
}

/** Rewrites a script whose classes stand at its top level. */
export function unwrapClasses(code: string): Rewritten {
  const program = parseScript(code);
  const scopes = findScopes(program);
  const text = new MagicString(code);
  const taken = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") taken.add(node.name);
  });
  for (const wrapped of findWrapped(program, scopes)) unwrap(wrapped, scopes, text, code, taken);
  return rewritten(text);
}

function findWrapped(program: Program, scopes: Scopes): Wrapped[] {
  const found: Wrapped[] = [];
  const assigned = findAssigned(program, scopes);
  for (const statement of program.body) {
    if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) continue;
    const [{ id, init }] = statement.declarations as [VariableDeclaration["declarations"][0]];
    if (id.type !== "Identifier" || init?.type !== "CallExpression") continue;
    const wrapper = init.callee;
    if (wrapper.type !== "FunctionExpression" || wrapper.id || init.arguments.length > 1) continue;
    if (wrapper.params.length !== init.arguments.length) continue;
    const last = wrapper.body.body[wrapper.body.body.length - 1];
    if (last?.type !== "ReturnStatement" || last.argument?.type !== "Identifier") continue;
    const outer = scopes.root.variables.get(id.name);
    const inner = scopes.meaning.get(last.argument);
    if (!outer || inner?.kind !== "function" || inner.scope.node !== wrapper) continue;
    if (outer.declarations.length > 1 || assigned.has(outer)) continue;
    if (usesOwnThis(wrapper) || assigned.has(inner)) continue;
    const base = init.arguments[0];
    if (base?.type === "SpreadElement") continue;
    found.push({ statement, outer, wrapper, base });
  }
  return found;
}

function usesOwnThis(wrapper: FunctionExpression): boolean {
  let uses = false;
  walkOwn(wrapper, (node) => {
    if (node.type === "ThisExpression") uses = true;
    if (node.type === "Identifier" && node.name === "arguments") uses = true;
  });
  return uses;
}

function unwrap(
  { statement, outer, wrapper, base }: Wrapped,
  scopes: Scopes,
  text: MagicString,
  code: string,
  taken: Set<string>,
): void {
  const scope = scopes.all.find((candidate) => candidate.node === wrapper);
  const statements = wrapper.body.body;
  const last = statements[statements.length - 1];
  const first = statements[0];
  if (!scope || !last || !first) return;
  const returned = (last as { argument?: AnyNode }).argument as Identifier;
  const self = scopes.meaning.get(returned);

  let opening = "";
  for (const variable of scope.variables.values()) {
    let name = variable.name;
    if (variable === self) name = outer.name;
    else if (
      variable.kind === "parameter" &&
      base?.type === "Identifier" &&
      isFixed(base, scopes)
    ) {
      name = base.name;
    } else {
      while (taken.has(name)) name = `${outer.name}_${name}`;
      taken.add(name);
      if (variable.kind === "parameter" && base) {
        opening = `var ${name} = ${code.slice(base.start, base.end)};\n`;
      }
    }
    for (const mention of variable.mentions) {
      if (mention === wrapper.params[0] || mention === returned) continue;
      if (name !== mention.name) text.overwrite(mention.start, mention.end, name);
    }
  }
  dropNullTests(wrapper, text);
  text.overwrite(statement.start, first.start, opening);
  text.remove(last.start, statement.end);
}

/** Whether a base class may be named directly: it is a top-level variable or a built-in. */
function isFixed(base: Identifier, scopes: Scopes): boolean {
  const variable = scopes.meaning.get(base);
  return variable === undefined || variable.scope === scopes.root;
}

/** `_super !== null && ...` of constructors that TypeScript made up. */
function dropNullTests(wrapper: FunctionExpression, text: MagicString): void {
  walk(wrapper, (node) => {
    if (node.type !== "LogicalExpression" || node.operator !== "&&") return;
    const { left } = node;
    if (left.type !== "BinaryExpression" || left.operator !== "!==") return;
    if (left.left.type === "Identifier" && left.left.name === "_super") {
      text.remove(left.start, node.right.start);
    }
  });
}
