/**
 * Puts what only a function tagged `@brief` reaches into that function: functions, classes and constants
 * are then made when it is called and gone when it has returned. The interpreter pays some five
 * variables for each function that stays.
 * @module
 */
import type { AnyNode, MemberExpression, Program } from "acorn";
import MagicString from "magic-string";
import { isShortName } from "../private-names.ts";
import { parseScript } from "./parse.ts";
import { type Piece, piecesOf, Reach } from "./pieces.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import {
  commentBefore,
  commentStart,
  findAssigned,
  findScopes,
  isFunction,
  isPrototype,
  mentionsArguments,
  type Scopes,
  selvesOf,
  type Variable,
  walk,
} from "./scope.ts";
import { type Definition, findUses, type Uses } from "./uses.ts";

/** The tag of a function that is called seldom, and keeps nothing of what it makes. */
const BRIEF = "@brief";
/** What `this` of a method becomes; no other name begins so. */
const SELF = "_own";

/** A function and what is to be within it. */
interface Brief {
  /** Where its body begins. */
  at: number;
  /** Its own variable; undefined of a method. */
  self: Variable | undefined;
  owners: Set<Variable>;
  /** Methods of classes that are not. */
  methods: Piece[];
}

/** The pieces of a script and its brief functions. */
class Nesting {
  readonly statements: { node: AnyNode; pieces: Piece[] }[];
  readonly used: Reach;
  private readonly all: Piece[];
  private readonly staying: Set<Variable | undefined>;

  /** `methods`: names of those that could be there without their classes. */
  constructor(
    private readonly code: string,
    program: Program,
    private readonly scopes: Scopes,
    private readonly methods: Set<string>,
  ) {
    this.statements = program.body.map((node) => ({ node, pieces: piecesOf(node, scopes) }));
    this.all = this.statements.flatMap(({ pieces }) => pieces);
    this.used = new Reach(this.all, scopes, { whole: true });
    this.staying = findStaying(this.statements, findAssigned(program, scopes));
  }

  /** Those that have something to be within them. */
  briefs(): Brief[] {
    return this.statements.flatMap(({ node, pieces }): Brief[] => {
      if (!commentBefore(node.start, this.code).includes(BRIEF)) return [];
      const body = bodyOf(node);
      if (!body) return [];
      const self = node.type === "FunctionDeclaration" ? pieces[0]?.owner : undefined;
      const brief = { at: body.start + 1, self, ...this.within(body) };
      return brief.owners.size + brief.methods.length > 0 ? [brief] : [];
    });
  }

  /** What only a function's body comes to. */
  private within(body: AnyNode): { owners: Set<Variable>; methods: Piece[] } {
    const { all, used, staying } = this;
    const fixed = new Set(all.filter((one) => used.has(one) && staying.has(one.owner)));
    for (;;) {
      const others = new Reach(all, this.scopes, { whole: true, without: body, fixed });
      const own = all.filter((piece) => used.has(piece) && !others.has(piece));
      const goes = ({ owner }: Piece) =>
        owner !== undefined && !others.mentions(owner) && !staying.has(owner);
      const methods = own.filter((piece) => !goes(piece));
      const left = methods.filter(({ method }) => !method || !this.methods.has(method));
      for (const piece of left) fixed.add(piece);
      if (left.length > 0) continue;
      return { owners: new Set(own.filter(goes).map(({ owner }) => owner as Variable)), methods };
    }
  }
}

/**
 * Makes functions of methods that only a brief function comes to, so that they can be put within it,
 * where all that is ever done with them is to call them.
 */
export function freeMethods(code: string): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  const scopes = findScopes(program);
  const uses = [...findUses(program, scopes).methods].filter(
    ([name, { definitions, calls, other }]) =>
      isShortName(name) &&
      definitions.length === 1 &&
      calls.length > 0 &&
      !other &&
      !mentionsArguments((definitions[0] as Definition).fn),
  );
  const free = new Map(uses);
  const briefs = new Nesting(code, program, scopes, new Set(free.keys())).briefs();
  for (const name of new Set(
    briefs.flatMap(({ methods }) => methods.map(({ method }) => method)),
  )) {
    const { definitions, calls } = free.get(name as string) as Uses;
    const { fn, node } = definitions[0] as Definition;
    const made = `free_${name}`;
    const start = code.indexOf("(", fn.start) + 1;
    text.overwrite(node.start, start, `function ${made}(${SELF}${fn.params.length ? "," : ""}`);
    text.remove(fn.end, node.end);
    for (const self of selvesOf(fn)) text.update(self.start, self.end, SELF);
    for (const { call } of calls) {
      const { object } = call.callee as MemberExpression;
      const [first] = call.arguments;
      text.appendRight(call.start, `${made}(`);
      text.overwrite(object.end, first?.start ?? call.end - 1, first ? "," : "");
    }
  }
  return rewritten(text);
}

/**
 * Rewrites a script of single statements, in which no declaration has several variables. Once fills the
 * innermost functions; those around them come next time.
 */
export function nestBrief(code: string): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  const nesting = new Nesting(code, program, findScopes(program), new Set());
  const briefs = nesting.briefs();
  const innermost = briefs.filter(
    ({ owners }) => !briefs.some(({ self }) => self && owners.has(self)),
  );
  for (const { node, pieces } of nesting.statements) {
    const [piece] = pieces;
    if (!piece?.owner) continue;
    const { owner, method } = piece;
    const brief = innermost.find(({ owners }) => owners.has(owner));
    // With its tag.
    const start = commentStart(node.start, code);
    if (!nesting.used.has(piece)) {
      // What it mentions may be there no more.
      if (brief || method) text.remove(start, node.end);
    } else if (brief) {
      text.move(start, node.end, brief.at);
      text.appendLeft(node.end, "\n");
    }
  }
  return rewritten(text);
}

/** The body of a function or method that a statement defines. */
function bodyOf(statement: AnyNode): AnyNode | undefined {
  let body: AnyNode | undefined;
  walk(statement, (node) => {
    if (body) return false;
    if (isFunction(node)) body = node.body;
    return undefined;
  });
  return body;
}

/** Variables that are not to be made anew: they change, or hold what may change. */
function findStaying(
  statements: { pieces: Piece[] }[],
  assigned: Set<Variable>,
): Set<Variable | undefined> {
  const stays = ({ node, owner }: Piece) => {
    if (owner === undefined || assigned.has(owner)) return true;
    if (node.type === "VariableDeclarator") return !isConstant(node.init);
    const { left } = node as { left?: AnyNode };
    return left?.type === "MemberExpression" && !isPrototype(left.object);
  };
  const staying = new Set<Variable | undefined>();
  for (const { pieces } of statements) {
    for (const piece of pieces) if (pieces.length > 1 || stays(piece)) staying.add(piece.owner);
  }
  return staying;
}

/** Whether a value is the same at each time and has no parts. */
function isConstant(value: AnyNode | null | undefined): boolean {
  if (value?.type === "Literal") return true;
  if (value?.type === "UnaryExpression") return isConstant(value.argument);
  return value?.type === "BinaryExpression" && isConstant(value.left) && isConstant(value.right);
}
