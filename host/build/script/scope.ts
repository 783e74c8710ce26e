/**
 * Scopes of an ES5 script: which identifiers mean which variable. Scripts come from TypeScript's
 * ES5 emit, so functions and `catch` are the only scopes.
 * @module
 */
import type {
  AnyNode,
  CatchClause,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  MemberExpression,
  Program,
} from "acorn";
import { eachChild } from "./children.ts";

export type Fn = FunctionDeclaration | FunctionExpression;

export interface Variable {
  name: string;
  scope: Scope;
  kind: "var" | "function" | "parameter" | "self";
  /** Every mention, declarations included, in the order of the text. */
  mentions: Identifier[];
  /** Mentions that declare. */
  declarations: Identifier[];
}

export interface Scope {
  node: Program | Fn | CatchClause;
  parent: Scope | undefined;
  variables: Map<string, Variable>;
}

export interface Scopes {
  root: Scope;
  all: Scope[];
  /** Mentions of names that the script doesn't declare. */
  free: Identifier[];
  /** The variable that a mention means; undefined for a free one. */
  meaning: Map<Identifier, Variable>;
}

/** What the function of `script/late.ts` is given to; the firmware runs its text at the top level. */
export const LATE_MEMBER = "global.$late";

/** Whether a node is that function: its variables are the top level's. */
function isLate(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type !== "AssignmentExpression" || parent.right !== node) return false;
  const { left } = parent;
  if (left.type !== "MemberExpression" || left.computed) return false;
  const { object, property } = left;
  if (object.type !== "Identifier" || property.type !== "Identifier") return false;
  return `${object.name}.${property.name}` === LATE_MEMBER;
}

/** Calls `visit` for `node` and all below it, parents first; `false` leaves out what is below. */
export function walk(node: AnyNode, visit: (node: AnyNode, parents: AnyNode[]) => unknown): void {
  const parents: AnyNode[] = [];
  const step = (at: AnyNode): void => {
    if (visit(at, parents) === false) return;
    parents.push(at);
    eachChild(at, step);
    parents.pop();
  };
  step(node);
}

/** As `walk`, for what is in a function itself and not in those within it. */
export function walkOwn(fn: Fn, visit: (node: AnyNode) => void): void {
  walk(fn.body, (node) => {
    if (isFunction(node)) return false;
    visit(node);
    return undefined;
  });
}

/** `this` of a function itself. */
export function selvesOf(fn: Fn): AnyNode[] {
  const selves: AnyNode[] = [];
  walkOwn(fn, (node) => {
    if (node.type === "ThisExpression") selves.push(node);
  });
  return selves;
}

/** Whether a function, or one within it, takes `arguments`. */
export function mentionsArguments(fn: Fn): boolean {
  let found = false;
  walk(fn.body, (node) => {
    if (node.type === "Identifier" && node.name === "arguments") found = true;
  });
  return found;
}

/** Whether an identifier is a property's name and so means no variable. */
function isPropertyName(node: Identifier, parent: AnyNode | undefined): boolean {
  if (parent?.type === "MemberExpression") return !parent.computed && parent.property === node;
  if (parent?.type === "Property") return !parent.computed && parent.key === node;
  return parent?.type === "LabeledStatement" || parent?.type === "BreakStatement";
}

/** Whether the node is a function (the emit has no arrows), with a scope of its own. */
export function isFunction(node: AnyNode | Scope["node"]): node is Fn {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
}

/** The name in `x.name`; undefined for `x[…]`. */
export function nameOf(node: MemberExpression): string | undefined {
  return node.computed || node.property.type !== "Identifier" ? undefined : node.property.name;
}

/** Whether a node is `x.prototype`. */
export function isPrototype(node: AnyNode | undefined): boolean {
  return node?.type === "MemberExpression" && nameOf(node) === "prototype";
}

/** Scopes of scripts that several steps look at. */
const found = new WeakMap<Program, Scopes>();

/** Finds the scopes of a parsed script. */
export function findScopes(program: Program): Scopes {
  const known = found.get(program) ?? new Search(program).scopes;
  found.set(program, known);
  return known;
}

/** Goes through a script twice: what is used before it is declared means the declaration, too. */
class Search {
  readonly scopes: Scopes;
  private readonly owners = new Map<AnyNode, Scope>();
  /** Where the walk is. */
  private scope: Scope;
  private parent: AnyNode | undefined;

  constructor(program: Program) {
    const root: Scope = { node: program, parent: undefined, variables: new Map() };
    this.scopes = { root, all: [root], free: [], meaning: new Map() };
    this.scope = root;
    this.below(program, root, this.declarations);
    this.below(program, root, this.mentions);
  }

  /** Looks at the children of a node, which belong to a scope. */
  private below(node: AnyNode, scope: Scope, look: (node: AnyNode) => void): void {
    const { scope: outer, parent } = this;
    this.scope = scope;
    this.parent = node;
    eachChild(node, look);
    this.scope = outer;
    this.parent = parent;
  }

  private readonly declarations = (node: AnyNode): void => {
    const { scope } = this;
    let own = scope;
    if (isFunction(node) && !isLate(node, this.parent)) {
      own = this.open(node);
      if (node.type === "FunctionDeclaration" && node.id) {
        declare(functionScope(scope), node.id, "function");
      }
      if (node.type === "FunctionExpression" && node.id) declare(own, node.id, "self");
      for (const parameter of node.params) {
        if (parameter.type === "Identifier") declare(own, parameter, "parameter");
      }
    } else if (node.type === "CatchClause") {
      own = this.open(node);
      if (node.param?.type === "Identifier") declare(own, node.param, "parameter");
    } else if (node.type === "VariableDeclarator" && node.id.type === "Identifier") {
      declare(functionScope(scope), node.id, "var");
    }
    this.below(node, own, this.declarations);
  };

  private open(node: Scope["node"]): Scope {
    const scope: Scope = { node, parent: this.scope, variables: new Map() };
    this.owners.set(node, scope);
    this.scopes.all.push(scope);
    return scope;
  }

  private readonly mentions = (node: AnyNode): void => {
    if (node.type === "Identifier") this.mention(node);
    else this.below(node, this.owners.get(node) ?? this.scope, this.mentions);
  };

  private mention(node: Identifier): void {
    const { parent, scopes } = this;
    if (isPropertyName(node, parent)) return;
    let scope: Scope | undefined = this.scope;
    // a declaration's own name belongs outside the function
    if (parent?.type === "FunctionDeclaration" && parent.id === node) scope = scope.parent;
    let variable: Variable | undefined;
    for (; scope && !variable; scope = scope.parent) variable = scope.variables.get(node.name);
    if (!variable) {
      scopes.free.push(node);
      return;
    }
    variable.mentions.push(node);
    scopes.meaning.set(node, variable);
  }
}

function declare(scope: Scope, id: Identifier, kind: Variable["kind"]): void {
  const known = scope.variables.get(id.name);
  if (known) {
    known.declarations.push(id);
    if (kind === "function") known.kind = kind;
    return;
  }
  const variable: Variable = { name: id.name, scope, kind, mentions: [], declarations: [id] };
  scope.variables.set(id.name, variable);
}

/** The scope that `var` declares in. */
function functionScope(scope: Scope): Scope {
  let at = scope;
  while (at.node.type === "CatchClause" && at.parent) at = at.parent;
  return at;
}

/** Variables that anything but their declaration gives a value. */
export function findAssigned(program: Program, scopes: Scopes): Set<Variable> {
  const assigned = new Set<Variable>();
  walk(program, (node) => {
    let target: AnyNode | undefined;
    if (node.type === "AssignmentExpression") target = node.left;
    if (node.type === "UpdateExpression") target = node.argument;
    const variable = target?.type === "Identifier" ? scopes.meaning.get(target) : undefined;
    if (variable) assigned.add(variable);
  });
  return assigned;
}

/** Where the block comment before a place begins; the place itself without one. */
export function commentStart(place: number, code: string): number {
  const end = code.lastIndexOf("*/", place);
  const isNext = end >= 0 && code.slice(end + 2, place).trim() === "";
  return isNext ? code.lastIndexOf("/*", end) : place;
}

/** The block comment that stands before a place, or nothing. */
export function commentBefore(place: number, code: string): string {
  return code.slice(commentStart(place, code), place);
}
