/**
 * Puts what only the calls given to `runLate` (src/system/late.ts) reach into one function at the
 * script's end, which the firmware runs at the top level when it is needed.
 * @module
 */
import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import MagicString, { type DecodedSourceMap } from "magic-string";
import { isShortName } from "../private-names.ts";
import { parseScript } from "./parse.ts";
import {
  findScopes,
  isFunction,
  isPrototype,
  LATE_MEMBER,
  nameOf,
  type Scopes,
  type Variable,
  walk,
} from "./scope.ts";

/** The function whose argument is read late. */
const RUN_LATE = "runLate";
/** When a piece is there. */
const EARLY = 0;
const LATE = 1;
const DEAD = 2;
/** Stands, as a statement, between the steps of the build, before what is read late. */
export const MARK = "lateFollows();";

/** A piece of the top level that can be moved. */
interface Piece {
  node: AnyNode;
  /** The variable that it declares or adds members to; undefined: it does something. */
  owner: Variable | undefined;
  /** The method that it adds, where nobody outside the script can know its name. */
  method: string | undefined;
}

/**
 * Moves what is read late to the end, behind a mark; `wrapLate` makes the function of it. What nothing
 * reaches at all, a method among it, is taken out.
 */
export function moveLate(code: string): { code: string; map: DecodedSourceMap } {
  const text = new MagicString(code);
  if (!code.includes(`${RUN_LATE}(`))
    return { code, map: text.generateDecodedMap({ hires: "boundary" }) };
  const program = parseScript(code);
  const scopes = findScopes(program);
  const statements = program.body.map((node) => ({ node, pieces: piecesOf(node, scopes) }));
  const all = statements.flatMap(({ pieces }) => pieces);
  const early = new Reach(all, scopes);
  const late = new Reach(all, scopes, early);
  let first: number | undefined;
  for (const { node: statement, pieces } of statements) {
    const fates = pieces.map((one) => (early.has(one) ? EARLY : late.has(one) ? LATE : DEAD));
    separate(statement, pieces, fates, text, code);
    first ??= fates[0] === LATE ? statement.start : pieces[fates.indexOf(LATE)]?.node.start;
  }
  if (first !== undefined) text.prependRight(first, MARK);
  return { code: text.toString(), map: text.generateDecodedMap({ hires: "boundary" }) };
}

/** Makes a function of what follows the mark, in the finished script. */
export function wrapLate(code: string): { code: string; map: DecodedSourceMap } {
  const text = new MagicString(code);
  const at = code.indexOf(MARK);
  if (at >= 0) {
    text.overwrite(at, at + MARK.length, `${LATE_MEMBER}=function(){`);
    text.append("};");
  }
  return { code: text.toString(), map: text.generateDecodedMap({ hires: "boundary" }) };
}

/** Moves a statement's late pieces to the end; those that stay behind one another stay joined. */
function separate(
  statement: AnyNode,
  pieces: Piece[],
  fates: number[],
  text: MagicString,
  code: string,
): void {
  const opening = statement.type === "VariableDeclaration" ? "var " : "";
  if (fates.every((fate) => fate === EARLY)) return;
  const isWhole = /[;}]$/.test(code.slice(statement.start, statement.end));
  if (fates.every((fate) => fate === fates[0])) {
    if (fates[0] === DEAD) text.remove(statement.start, statement.end);
    else text.move(statement.start, statement.end, code.length);
    if (fates[0] === LATE && !isWhole) text.appendLeft(statement.end, ";");
    return;
  }
  pieces.forEach(({ node }, index) => {
    const fate = fates[index];
    const next = pieces[index + 1]?.node;
    // With what stands before the next piece: a comma, or from here on a semicolon.
    const end = next?.start ?? statement.end;
    if (index === 0 && opening && fate !== EARLY) {
      text.remove(statement.start, node.start);
      text.prependRight(node.start, opening);
    }
    if (next && fate !== fates[index + 1]) {
      text.overwrite(node.end, next.start, ";");
      text.prependRight(next.start, opening);
    }
    if (fate === DEAD) text.remove(node.start, end);
    if (fate !== LATE) return;
    text.move(node.start, end, code.length);
    if (!next && !isWhole) text.appendLeft(end, ";");
  });
}

/** The pieces of a statement of the top level, in order. */
function piecesOf(statement: AnyNode, scopes: Scopes): Piece[] {
  if (statement.type === "FunctionDeclaration") {
    return [
      {
        node: statement,
        owner: scopes.root.variables.get(statement.id?.name ?? ""),
        method: undefined,
      },
    ];
  }
  if (statement.type === "VariableDeclaration") {
    return statement.declarations.map((node) => ({
      node,
      owner: node.id.type === "Identifier" ? scopes.meaning.get(node.id) : undefined,
      method: undefined,
    }));
  }
  if (statement.type !== "ExpressionStatement")
    return [{ node: statement, owner: undefined, method: undefined }];
  const { expression } = statement;
  const parts = expression.type === "SequenceExpression" ? expression.expressions : [expression];
  return parts.map((node) => ({ node, owner: ownerOf(node, scopes), method: methodOf(node) }));
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

/** `P` of `X.prototype.P = function …` and of `Object.defineProperty(X.prototype, "P", …)`. */
function methodOf(node: AnyNode): string | undefined {
  let name: string | undefined;
  if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
    if (isPrototype(node.left.object)) name = nameOf(node.left);
  } else if (node.type === "CallExpression" && calledName(node) === "defineProperty") {
    const [owner, key] = node.arguments;
    if (isPrototype(owner) && key?.type === "Literal") name = String(key.value);
  }
  return name !== undefined && isShortName(name) ? name : undefined;
}

/** What pieces of the top level come to: from those that do something, or from `runLate` on. */
class Reach {
  private readonly variables = new Set<Variable>();
  private readonly names = new Set<string>();
  private readonly taken = new Set<Piece>();

  /** With `before`, from what that one's pieces give to `runLate` on. */
  constructor(
    pieces: Piece[],
    private readonly scopes: Scopes,
    private readonly before?: Reach,
  ) {
    if (before) for (const { node } of before.taken) this.look(node, true);
    let count = -1;
    while (count < this.taken.size) {
      count = this.taken.size;
      for (const piece of pieces)
        if (!this.taken.has(piece) && this.comesTo(piece)) this.take(piece);
    }
  }

  has(piece: Piece): boolean {
    return this.taken.has(piece);
  }

  private comesTo({ owner, method }: Piece): boolean {
    if (owner === undefined) return !this.before;
    if (!this.variables.has(owner) && !this.before?.variables.has(owner)) return false;
    return method === undefined ? this.variables.has(owner) : this.names.has(method);
  }

  private take(piece: Piece): void {
    this.taken.add(piece);
    this.look(piece.node, false);
    // What late code gives to `runLate` is read with it.
    if (this.before) this.look(piece.node, true);
  }

  /** Notes what a piece mentions but for what it gives to `runLate`, or only that. */
  private look(piece: AnyNode, given: boolean): void {
    walk(piece, (node, parents) => {
      const parent = parents[parents.length - 1];
      const isGiven =
        parent?.type === "CallExpression" &&
        calledName(parent) === RUN_LATE &&
        parent.arguments[0] === node;
      if (isGiven && !isFunction(node)) {
        throw new Error(`${RUN_LATE} takes a function expression, written in place`);
      }
      if (isGiven && given) this.look(node, false);
      if (isGiven) return false;
      if (!given) this.note(node, parent);
      return undefined;
    });
  }

  private note(node: AnyNode, parent: AnyNode | undefined): void {
    if (node.type === "MemberExpression" && !isAddition(node, parent)) {
      const name = nameOf(node);
      if (name !== undefined) this.names.add(name);
    }
    const variable = node.type === "Identifier" ? this.scopes.meaning.get(node) : undefined;
    if (variable?.scope === this.scopes.root) this.variables.add(variable);
  }
}

/** Whether `X.prototype.P` is what a method is given to. */
function isAddition(node: MemberExpression, parent: AnyNode | undefined): boolean {
  return (
    parent?.type === "AssignmentExpression" && parent.left === node && isPrototype(node.object)
  );
}
