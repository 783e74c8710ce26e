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

/** The direct children of a node, in the order of the text. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  let isSorted = true;
  const add = (part: unknown): void => {
    if (!isNode(part)) return;
    const last = children[children.length - 1];
    if (last !== undefined && part.start < last.start) isSorted = false;
    children.push(part);
  };
  for (const name in node) {
    const value: unknown = node[name as keyof AnyNode];
    if (Array.isArray(value)) value.forEach(add);
    else add(value);
  }
  return isSorted ? children : children.sort((a, b) => a.start - b.start);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as AnyNode).type === "string";
}

/** Calls `visit` for `node` and all below it, parents first; `false` leaves out what is below. */
export function walk(node: AnyNode, visit: (node: AnyNode, parents: AnyNode[]) => unknown): void {
  const parents: AnyNode[] = [];
  const step = (at: AnyNode): void => {
    if (visit(at, parents) === false) return;
    parents.push(at);
    for (const child of childrenOf(at)) step(child);
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

/** Finds the scopes of a parsed script. */
export function findScopes(program: Program): Scopes {
  const root: Scope = { node: program, parent: undefined, variables: new Map() };
  const scopes: Scopes = { root, all: [root], free: [], meaning: new Map() };
  const owners = new Map<AnyNode, Scope>([[program, root]]);

  const declare = (scope: Scope, id: Identifier, kind: Variable["kind"]): void => {
    const known = scope.variables.get(id.name);
    if (known) {
      known.declarations.push(id);
      if (kind === "function") known.kind = kind;
      return;
    }
    const variable: Variable = { name: id.name, scope, kind, mentions: [], declarations: [id] };
    scope.variables.set(id.name, variable);
  };
  const functionScope = (parents: AnyNode[]): Scope => {
    for (let index = parents.length - 1; index >= 0; index--) {
      const parent = parents[index] as AnyNode;
      const scope = owners.get(parent);
      if (scope && parent.type !== "CatchClause") return scope;
    }
    return root;
  };
  const innermost = (parents: AnyNode[]): Scope => {
    for (let index = parents.length - 1; index >= 0; index--) {
      const scope = owners.get(parents[index] as AnyNode);
      if (scope) return scope;
    }
    return root;
  };

  walk(program, (node, parents) => {
    if (isLate(node, parents[parents.length - 1])) return;
    if (isFunction(node)) {
      const scope: Scope = { node, parent: innermost(parents), variables: new Map() };
      owners.set(node, scope);
      scopes.all.push(scope);
      if (node.type === "FunctionDeclaration" && node.id) {
        declare(functionScope(parents), node.id, "function");
      }
      if (node.type === "FunctionExpression" && node.id) declare(scope, node.id, "self");
      for (const parameter of node.params) {
        if (parameter.type === "Identifier") declare(scope, parameter, "parameter");
      }
    } else if (node.type === "CatchClause") {
      const scope: Scope = { node, parent: innermost(parents), variables: new Map() };
      owners.set(node, scope);
      scopes.all.push(scope);
      if (node.param?.type === "Identifier") declare(scope, node.param, "parameter");
    } else if (node.type === "VariableDeclarator" && node.id.type === "Identifier") {
      declare(functionScope(parents), node.id, "var");
    }
  });

  walk(program, (node, parents) => {
    if (node.type !== "Identifier") return;
    const parent = parents[parents.length - 1];
    if (isPropertyName(node, parent)) return;
    let from = parents;
    // a declaration's own name belongs outside the function
    if (parent?.type === "FunctionDeclaration" && parent.id === node) from = parents.slice(0, -1);
    let scope: Scope | undefined = innermost(from);
    while (scope && !scope.variables.has(node.name)) scope = scope.parent;
    const variable = scope?.variables.get(node.name);
    if (!variable) {
      scopes.free.push(node);
      return;
    }
    variable.mentions.push(node);
    scopes.meaning.set(node, variable);
  });
  return scopes;
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
