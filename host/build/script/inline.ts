/**
 * Puts functions and methods that are called at one place only into that place. The interpreter pays
 * some five variables for each function and half of a call's time for its parameters, and the sources
 * stay in small parts all the same.
 * @module
 */
import type { AnyNode, CallExpression, Expression, Identifier, Program, Statement } from "acorn";
import MagicString from "magic-string";
import { isShortName } from "../private-names.ts";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import {
  commentBefore,
  type Fn,
  findScopes,
  isFunction,
  mentionsArguments,
  type Scopes,
  selvesOf,
  type Variable,
  walk,
  walkOwn,
} from "./scope.ts";
import { findUses } from "./uses.ts";

/** A function and the only place that mentions it. */
interface Single {
  fn: Fn;
  /** What goes when it has been put elsewhere. */
  definition: AnyNode;
  call: CallExpression;
  /** Around the call, outermost first. */
  parents: AnyNode[];
}

/** Where the value of a call goes. */
type Use = "nothing" | "return" | "variable" | "expression";

/** Longest text that is put where it may be skipped: the interpreter reads what it skips. */
const LONGEST_SKIPPED = 1000;
/** A function with one of these tags stays one: it is seldom called, from where each character counts. */
const KEPT = /@rare|@brief/;
const LOOPS = /^(For|While|DoWhile)/;

/**
 * Rewrites a script once; what has been put somewhere may bring calls that the next time are put in
 * place, too.
 */
export function inlineSingles(code: string): Rewritten {
  const program = parseScript(code);
  const scopes = findScopes(program);
  const text = new MagicString(code);
  const touched: AnyNode[] = [];
  let made = 0;
  for (const single of findSingles(program, scopes, code)) {
    const host = [...single.parents].reverse().find(isFunction);
    if (!host || [single.fn, host].some((fn) => touched.some((other) => overlaps(other, fn)))) {
      continue;
    }
    const inlining = new Inlining(single, host, scopes, code, made);
    if (!inlining.apply(text)) continue;
    made++;
    touched.push(single.fn, host);
    text.remove(single.definition.start, single.definition.end);
  }
  return rewritten(text);
}

function overlaps(one: AnyNode, other: AnyNode): boolean {
  return one.start < other.end && other.start < one.end;
}

function findSingles(program: Program, scopes: Scopes, code: string): Single[] {
  const { methods, functions } = findUses(program, scopes);
  const shortMethods = [...methods].filter(([name]) => isShortName(name));
  return [...shortMethods, ...functions].flatMap(([, { definitions, calls, other }]) => {
    const [definition] = definitions;
    const [place] = calls;
    if (other || !definition || !place || definitions.length + calls.length > 2) return [];
    if (KEPT.test(commentBefore(definition.node.start, code))) return [];
    // Functions of its own are declared at its beginning, which is the middle of the other then.
    if (definition.fn.body.body.some(({ type }) => type === "FunctionDeclaration")) return [];
    return [{ fn: definition.fn, definition: definition.node, ...place }];
  });
}

class Inlining {
  private readonly body: Statement[];
  /** `return` of the function itself. */
  private readonly returns: AnyNode[] = [];
  /** `this` of the function itself. */
  private readonly selves: AnyNode[];
  private readonly parameters: Identifier[];
  private readonly fits: boolean;

  constructor(
    private readonly single: Single,
    private readonly host: Fn,
    private readonly scopes: Scopes,
    private readonly code: string,
    private readonly number: number,
  ) {
    const { fn } = single;
    this.body = fn.body.body as Statement[];
    this.parameters = fn.params as Identifier[];
    this.selves = selvesOf(fn);
    walkOwn(fn, (node) => {
      if (node.type === "ReturnStatement") this.returns.push(node);
    });
    this.fits = !mentionsArguments(fn);
  }

  /** False when it can't be put there; then nothing has changed. */
  apply(text: MagicString): boolean {
    const { call, fn, parents } = this.single;
    const { code } = this;
    if (!this.fits || fn === this.host) return false;
    if (call.arguments.some(({ type }) => type === "SpreadElement")) return false;
    // What it does not take must not do anything.
    if (!call.arguments.slice(fn.params.length).every(doesNothing)) return false;
    if (parents.includes(fn) || this.shadows()) return false;
    const use = this.useOf(call, parents);
    const only = this.body.length === 1 ? this.body[0] : undefined;
    if (only?.type === "ReturnStatement" && only.argument) {
      if (this.asExpression(only.argument, text)) return true;
    }
    if (use === "expression") return false;
    return this.asStatements(use, text, code);
  }

  /** Whether a name that the function takes from outside means another thing at the place. */
  private shadows(): boolean {
    const around = new Set<string>();
    for (const scope of this.scopes.all) {
      const { node } = scope;
      if (node.type === "Program") continue;
      if (node !== this.host && !this.single.parents.includes(node)) continue;
      for (const name of scope.variables.keys()) around.add(name);
    }
    let found = false;
    walk(this.single.fn.body, (node) => {
      if (node.type !== "Identifier" || !around.has(node.name)) return;
      const variable = this.scopes.meaning.get(node);
      if (variable?.scope === this.scopes.root) found = true;
    });
    return found;
  }

  private useOf(call: CallExpression, parents: AnyNode[]): Use {
    const parent = parents.at(-1);
    const outer = parents.at(-2);
    if (parent?.type === "ExpressionStatement") return "nothing";
    if (parent?.type === "ReturnStatement") return "return";
    if (parent?.type === "VariableDeclarator" && outer?.type === "VariableDeclaration") {
      const isHead = /^For/.test(parents.at(-3)?.type ?? "");
      return outer.declarations.length === 1 && !isHead ? "variable" : "expression";
    }
    if (parent?.type === "AssignmentExpression" && outer?.type === "ExpressionStatement") {
      const { left, operator, right } = parent;
      if (operator === "=" && right === call && isPlain(left)) return "variable";
    }
    return "expression";
  }

  /** A single `return`: its value stands for the call. */
  private asExpression(value: Expression, text: MagicString): boolean {
    const { call, fn } = this.single;
    const object = call.callee.type === "MemberExpression" ? call.callee.object : undefined;
    if (this.selves.length > 0 && !(object && isFixed(object))) return false;
    const scope = this.scopes.all.find(({ node }) => node === fn);
    for (const variable of scope?.variables.values() ?? []) {
      const index = this.parameters.findIndex(({ name }) => name === variable.name);
      const argument = call.arguments[index];
      if (variable.kind !== "parameter" || !argument) return false;
      if (!this.isSteady(argument, value, variable)) return false;
      if (variable.mentions.some((mention) => isAssigned(value, mention))) return false;
      // Within a function it would be read later.
      if (variable.mentions.some((mention) => isInFunction(value, mention))) return false;
    }
    const made = new MagicString(this.code);
    for (const variable of scope?.variables.values() ?? []) {
      const index = this.parameters.findIndex(({ name }) => name === variable.name);
      const argument = call.arguments[index] as Expression;
      const shown = this.code.slice(argument.start, argument.end);
      for (const mention of variable.mentions) {
        if (mention.start >= value.start) made.overwrite(mention.start, mention.end, shown);
      }
    }
    if (object) this.replaceSelves(made, this.code.slice(object.start, object.end));
    text.overwrite(call.start, call.end, `(${made.slice(value.start, value.end)})`);
    return true;
  }

  /** Whether an argument can be read where the value mentions its parameter. */
  private isSteady(argument: AnyNode, value: AnyNode, { mentions }: Variable): boolean {
    if (isFixed(argument)) return true;
    if (argument.type === "Identifier") {
      const variable = this.scopes.meaning.get(argument);
      return variable !== undefined && variable.scope !== this.scopes.root;
    }
    if (!isPlain(argument)) return false;
    const used = mentions.filter(({ start }) => start >= value.start);
    return used.length < 2 && !used.some((mention) => isCalledBefore(value, mention));
  }

  /** The body stands in a block before, or in place of, the statement with the call. */
  private asStatements(use: Use, text: MagicString, code: string): boolean {
    const { call, parents } = this.single;
    const statement = [...parents]
      .reverse()
      .find(({ type }) => /Statement$|^VariableDeclaration$/.test(type)) as AnyNode;
    const at = parents.indexOf(statement);
    const inside = parents.slice(parents.indexOf(this.host));
    if (inside.some(({ type }) => LOOPS.test(type))) return false;
    const { fn } = this.single;
    const isSkipped = inside.some(({ type }) => /^(If|Switch)Statement$/.test(type));
    if (isSkipped && fn.end - fn.start > LONGEST_SKIPPED) return false;
    const last = this.body.at(-1);
    const endsInReturn = last !== undefined && this.returns.includes(last);
    const isPlainEnd = this.returns.length === 0 || (this.returns.length === 1 && endsInReturn);
    const isTail = isLastOf(this.host, parents.slice(0, at + 1));
    if (use === "variable" && !(isPlainEnd && endsInReturn)) return false;
    if (use === "nothing" && !isPlainEnd && !isTail) return false;

    const made = new MagicString(code);
    const locals = this.rename(made);
    const values = this.parameters.map((_, index) => {
      const argument = call.arguments[index];
      return `${locals[index]}=${argument ? code.slice(argument.start, argument.end) : "void 0"}`;
    });
    const object = call.callee.type === "MemberExpression" ? call.callee.object : undefined;
    if (this.selves.length > 0) {
      if (!object) return false;
      let self = code.slice(object.start, object.end);
      if (!isFixed(object)) {
        const name = `self_${this.number}_${this.single.fn.start}`;
        values.unshift(`${name}=${self}`);
        self = name;
      }
      this.replaceSelves(made, self);
    }
    let end = "";
    for (const one of this.returns) {
      const value = one.type === "ReturnStatement" ? one.argument : undefined;
      if (use === "variable" && value) {
        // The statement with the call follows, with the value in the call's place.
        const head = code.slice(statement.start, call.start);
        const tail = code.slice(call.end, statement.end);
        made.overwrite(one.start, value.start, head);
        made.overwrite(value.end, one.end, tail);
      } else if (use === "nothing") {
        if (!value) {
          if (isPlainEnd) made.remove(one.start, one.end);
        } else {
          made.overwrite(one.start, value.start, "{");
          made.overwrite(value.end, one.end, isPlainEnd ? ";}" : ";return;}");
        }
      }
    }
    if (use === "return" && !endsInReturn) end = "return;";
    const first = this.body[0];
    const inner = first && last ? made.slice(first.start, last.end) : "";
    const opening = values.length > 0 ? `var ${values.join()};` : "";
    text.overwrite(statement.start, statement.end, `{${opening}${inner}${end}}`);
    return true;
  }

  /** Gives the function's own variables names that nothing else has; those of the parameters. */
  private rename(made: MagicString): string[] {
    const { fn } = this.single;
    const scope = this.scopes.all.find(({ node }) => node === fn);
    const name = (plain: string) => `${plain}_${this.number}_${fn.start}`;
    for (const variable of scope?.variables.values() ?? []) {
      for (const mention of variable.mentions) {
        if (mention.start < fn.body.start) continue;
        made.overwrite(mention.start, mention.end, name(variable.name));
      }
    }
    return this.parameters.map((parameter) => name(parameter.name));
  }

  private replaceSelves(made: MagicString, self: string): void {
    for (const node of this.selves) made.overwrite(node.start, node.end, self);
  }
}

/** Whether nothing of the function follows when the last of these nodes has been run. */
function isLastOf(host: Fn, parents: AnyNode[]): boolean {
  const path = parents.slice(parents.indexOf(host) + 1);
  return path.every((node, index) => {
    const next = path[index + 1];
    if (node.type === "BlockStatement") return next === undefined || node.body.at(-1) === next;
    return next === undefined || node.type === "IfStatement";
  });
}

/** Whether reading an expression again, or later, gives the same. */
function isFixed(node: AnyNode): boolean {
  if (node.type === "Literal") return !node.regex;
  return node.type === "ThisExpression" || (node.type === "Identifier" && node.name === "_this");
}

/** `x`, `this.x`: evaluating it before the call or after makes no difference. */
function isPlain(node: AnyNode): boolean {
  if (node.type === "Identifier") return true;
  return (
    node.type === "MemberExpression" && !node.computed && node.object.type === "ThisExpression"
  );
}

/** Whether it may be left out. */
function doesNothing(node: AnyNode): boolean {
  if (node.type !== "ConditionalExpression") return isFixed(node) || isPlain(node);
  return [node.test, node.consequent, node.alternate].every(doesNothing);
}

function isCalledBefore(value: AnyNode, mention: AnyNode): boolean {
  let found = false;
  walk(value, (node) => {
    const isDone = /^(Call|New|Assignment|Update)Expression$/.test(node.type);
    if (isDone && node.end <= mention.start) found = true;
  });
  return found;
}

function isAssigned(value: AnyNode, mention: AnyNode): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.type === "AssignmentExpression" && node.left === mention) found = true;
    if (node.type === "UpdateExpression" && node.argument === mention) found = true;
  });
  return found;
}

function isInFunction(value: AnyNode, mention: AnyNode): boolean {
  let found = false;
  walk(value, (node, parents) => {
    if (node === mention && parents.some(isFunction)) found = true;
  });
  return found;
}
