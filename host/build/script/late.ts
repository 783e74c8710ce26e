/**
 * Puts what only the calls given to `runLate` (src/system/late.ts) reach into one function at the
 * script's end, which the firmware runs at the top level when it is needed.
 * @module
 */
import type { AnyNode, CallExpression } from "acorn";
import MagicString, { type SourceMap } from "magic-string";
import { parseScript } from "./parse.ts";
import { findScopes, isFunction, LATE, type Scopes, type Variable, walk } from "./scope.ts";

/** The function whose argument is read late. */
const RUN_LATE = "runLate";
/** Stands, as a statement, between the steps of the build, before what is read late. */
const MARK = "lateFollows();";

/** A piece of the top level that can be moved. */
interface Piece {
  node: AnyNode;
  /** The variable that it declares or adds members to; undefined: it does something. */
  owner: Variable | undefined;
}

/** Moves what is read late to the end, behind a mark; `wrapLate` makes the function of it. */
export function moveLate(code: string): { code: string; map: SourceMap } {
  const text = new MagicString(code);
  if (!code.includes(`${RUN_LATE}(`)) return { code, map: text.generateMap({ hires: true }) };
  const program = parseScript(code);
  const scopes = findScopes(program);
  const statements = program.body.map((node) => ({ node, pieces: piecesOf(node, scopes) }));
  const early = findEarly(
    statements.flatMap(({ pieces }) => pieces),
    scopes,
  );
  let first: number | undefined;
  for (const { node: statement, pieces } of statements) {
    const isLate = pieces.map(({ owner }) => owner !== undefined && !early.has(owner));
    if (!isLate.includes(true)) continue;
    separate(statement, pieces, isLate, text, code);
    first ??= isLate[0] ? statement.start : pieces[isLate.indexOf(true)]?.node.start;
  }
  if (first !== undefined) text.prependRight(first, MARK);
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}

/** Makes a function of what follows the mark, in the finished script. */
export function wrapLate(code: string): { code: string; map: SourceMap } {
  const text = new MagicString(code);
  const at = code.indexOf(MARK);
  if (at >= 0) {
    text.overwrite(at, at + MARK.length, `${LATE}=function(){`);
    text.append("};");
  }
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}

/** Moves a statement's late pieces to the end; those that stay behind one another stay joined. */
function separate(
  statement: AnyNode,
  pieces: Piece[],
  isLate: boolean[],
  text: MagicString,
  code: string,
): void {
  const opening = statement.type === "VariableDeclaration" ? "var " : "";
  if (!isLate.includes(false)) {
    text.move(statement.start, statement.end, code.length);
    if (!/[;}]$/.test(code.slice(statement.start, statement.end)))
      text.appendLeft(statement.end, ";");
    return;
  }
  pieces.forEach(({ node }, index) => {
    const next = pieces[index + 1]?.node;
    if (next && isLate[index] !== isLate[index + 1]) {
      text.overwrite(node.end, next.start, ";");
      text.prependRight(next.start, opening);
    }
    if (!isLate[index]) return;
    if (index === 0) {
      text.remove(statement.start, node.start);
      text.prependRight(node.start, opening);
    }
    const isLast = next === undefined;
    // With what stands before the next piece: a comma, or by now a semicolon.
    const end = next?.start ?? node.end;
    text.move(node.start, end, code.length);
    if (isLast) text.appendLeft(node.end, ";");
  });
}

/** The pieces of a statement of the top level, in order. */
function piecesOf(statement: AnyNode, scopes: Scopes): Piece[] {
  if (statement.type === "FunctionDeclaration") {
    return [{ node: statement, owner: scopes.root.variables.get(statement.id?.name ?? "") }];
  }
  if (statement.type === "VariableDeclaration") {
    return statement.declarations.map((node) => ({
      node,
      owner: node.id.type === "Identifier" ? scopes.meaning.get(node.id) : undefined,
    }));
  }
  if (statement.type !== "ExpressionStatement") return [{ node: statement, owner: undefined }];
  const { expression } = statement;
  const parts = expression.type === "SequenceExpression" ? expression.expressions : [expression];
  return parts.map((node) => ({ node, owner: ownerOf(node, scopes) }));
}

/** Whose members an expression sets: `X` of `X.prototype.y = …`, `__extends(X, Y)` and the like. */
function ownerOf(node: AnyNode, scopes: Scopes): Variable | undefined {
  if (node.type === "AssignmentExpression") return rootOf(node.left, scopes);
  if (node.type !== "CallExpression") return undefined;
  const name = calledName(node);
  return name === "defineProperty" || name === "__extends"
    ? rootOf(node.arguments[0], scopes)
    : undefined;
}

function calledName({ callee }: CallExpression): string | undefined {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  return callee.property.name;
}

function rootOf(node: AnyNode | undefined, scopes: Scopes): Variable | undefined {
  let at = node;
  while (at?.type === "MemberExpression") at = at.object;
  return at?.type === "Identifier" ? scopes.meaning.get(at) : undefined;
}

/** The variables that what runs at the start may come to, without the arguments of `runLate`. */
function findEarly(pieces: Piece[], scopes: Scopes): Set<Variable> {
  const uses = new Map<Variable, Set<Variable>>();
  const early = new Set<Variable>();
  const waiting: Variable[] = [];
  for (const { node, owner } of pieces) {
    const found = mentionsOf(node, scopes);
    if (owner) uses.set(owner, new Set([...(uses.get(owner) ?? []), ...found]));
    else waiting.push(...found);
  }
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (early.has(one)) continue;
    early.add(one);
    waiting.push(...(uses.get(one) ?? []));
  }
  return early;
}

/** Variables of the top level that a piece mentions, but for what it gives to `runLate`. */
function mentionsOf(piece: AnyNode, scopes: Scopes): Variable[] {
  const found: Variable[] = [];
  walk(piece, (node, parents) => {
    const parent = parents[parents.length - 1];
    const isGiven =
      parent?.type === "CallExpression" &&
      calledName(parent) === RUN_LATE &&
      parent.arguments[0] === node;
    if (isGiven && !isFunction(node)) {
      throw new Error(`${RUN_LATE} takes a function expression, written in place`);
    }
    if (isGiven) return false;
    const variable = node.type === "Identifier" ? scopes.meaning.get(node) : undefined;
    if (variable?.scope === scopes.root) found.push(variable);
    return undefined;
  });
  return found;
}
