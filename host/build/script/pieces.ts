/**
 * The pieces of a script's top level, functions, variables and methods, and which of them come to which.
 * @module
 */
import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import { isShortName } from "../private-names.ts";
import { isFunction, isPrototype, nameOf, type Scopes, type Variable, walk } from "./scope.ts";

/** The function whose argument is read late (src/system/late.ts). */
export const RUN_LATE = "runLate";

/** A piece of the top level that can be moved. */
export interface Piece {
  node: AnyNode;
  /** The variable that it declares or adds members to; undefined: it does something. */
  owner: Variable | undefined;
  /** The method that it adds, where nobody outside the script can know its name. */
  method: string | undefined;
}

/** The pieces of a statement of the top level, in order. */
export function piecesOf(statement: AnyNode, scopes: Scopes): Piece[] {
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

/** Variables of the top level and members' names. */
class Mentions {
  readonly variables = new Set<Variable>();
  readonly names = new Set<string>();

  add({ variables, names }: Mentions): void {
    for (const variable of variables) this.variables.add(variable);
    for (const name of names) this.names.add(name);
  }
}

/** What a piece mentions: by itself, and in what it gives to `runLate`. */
interface Parts {
  own: Mentions;
  given: Mentions;
}

/** Looks at each piece once. */
const looked = new WeakMap<AnyNode, Parts>();

function partsOf(piece: AnyNode, scopes: Scopes, without?: AnyNode): Parts {
  const isWhole = !without || without.start < piece.start || without.end > piece.end;
  const known = isWhole ? looked.get(piece) : undefined;
  if (known) return known;
  const parts: Parts = { own: new Mentions(), given: new Mentions() };
  const look = (part: AnyNode, into: Mentions) =>
    walk(part, (node, parents) => {
      if (node === without) return false;
      const parent = parents[parents.length - 1];
      if (
        parent?.type === "CallExpression" &&
        calledName(parent) === RUN_LATE &&
        parent.arguments[0] === node
      ) {
        if (!isFunction(node)) {
          throw new Error(`${RUN_LATE} takes a function expression, written in place`);
        }
        look(node, parts.given);
        return false;
      }
      note(node, parent, scopes, into);
      return undefined;
    });
  look(piece, parts.own);
  if (isWhole) looked.set(piece, parts);
  return parts;
}

function note(node: AnyNode, parent: AnyNode | undefined, scopes: Scopes, into: Mentions): void {
  if (node.type === "MemberExpression" && !isAddition(node, parent)) {
    const name = nameOf(node);
    if (name !== undefined) into.names.add(name);
  }
  const variable = node.type === "Identifier" ? scopes.meaning.get(node) : undefined;
  if (variable?.scope === scopes.root) into.variables.add(variable);
}

/** Where a `Reach` begins and ends. */
interface Bounds {
  /** From what that one's pieces give to `runLate` on. */
  before?: Reach;
  /** What is given to `runLate` counts as anything else. */
  whole?: boolean;
  /** Is not looked into. */
  without?: AnyNode;
  /** Are there in any case. */
  fixed?: Set<Piece>;
}

/** What pieces of the top level come to: from those that do something, or from `runLate` on. */
export class Reach {
  private readonly known = new Mentions();
  private readonly taken = new Set<Piece>();
  private readonly before: Reach | undefined;

  constructor(
    pieces: Piece[],
    private readonly scopes: Scopes,
    private readonly bounds: Bounds = {},
  ) {
    const { before, fixed } = bounds;
    this.before = before;
    if (before) for (const { node } of before.taken) this.known.add(partsOf(node, scopes).given);
    if (fixed) for (const piece of fixed) this.take(piece);
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

  /** Whether anything mentions a variable. */
  mentions(variable: Variable): boolean {
    return this.known.variables.has(variable);
  }

  private comesTo({ owner, method }: Piece): boolean {
    if (owner === undefined) return !this.before;
    const { variables, names } = this.known;
    if (!variables.has(owner) && !this.before?.mentions(owner)) return false;
    return method === undefined ? variables.has(owner) : names.has(method);
  }

  private take(piece: Piece): void {
    this.taken.add(piece);
    const { own, given } = partsOf(piece.node, this.scopes, this.bounds.without);
    this.known.add(own);
    // What late code gives to `runLate` is read with it.
    if (this.before || this.bounds.whole) this.known.add(given);
  }
}

/** Whether `X.prototype.P` is what a method is given to. */
function isAddition(node: MemberExpression, parent: AnyNode | undefined): boolean {
  return (
    parent?.type === "AssignmentExpression" && parent.left === node && isPrototype(node.object)
  );
}
