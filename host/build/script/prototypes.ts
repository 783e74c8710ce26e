/**
 * Members of classes become literals: `X.prototype = { a() {}, get b() {} }` instead of a statement for
 * each, which is shorter and takes the interpreter no more variables. What can't be in a literal is given
 * to a short name for the prototype, so that `X.prototype` is written once a class.
 * @module
 */
import type { AnyNode, FunctionExpression, MemberExpression, ObjectExpression } from "acorn";
import MagicString from "magic-string";
import { RESERVED } from "./grammar.ts";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { isFunction, isPrototype, nameOf, walk } from "./scope.ts";

/** Name of the variable that holds the prototype in hand. */
const PROTOTYPE = "_p";

interface Member {
  /** The step that adds it. */
  step: AnyNode;
  /** `X.prototype`, as it stands there. */
  node: MemberExpression;
  /** `X`. */
  owner: string;
  name: string;
  /** Of a member that is assigned. */
  value: AnyNode | undefined;
  /** Of accessors: what `Object.defineProperty` is told. */
  accessors: ObjectExpression | undefined;
}

/** The member that a step adds to a prototype. */
function memberOf(step: AnyNode): Member | undefined {
  if (step.type === "AssignmentExpression" && step.left.type === "MemberExpression") {
    const name = nameOf(step.left);
    return name && step.operator === "="
      ? member(step, step.left.object, name, step.right, undefined)
      : undefined;
  }
  if (step.type !== "CallExpression" || step.callee.type !== "MemberExpression") return undefined;
  const { object } = step.callee;
  if (object.type !== "Identifier" || object.name !== "Object") return undefined;
  if (nameOf(step.callee) !== "defineProperty") return undefined;
  const [owner, name, description] = step.arguments;
  if (!owner || name?.type !== "Literal" || typeof name.value !== "string") return undefined;
  if (description?.type !== "ObjectExpression" || !hasAccessorsOnly(description)) return undefined;
  return member(step, owner, name.value, undefined, description);
}

function member(
  step: AnyNode,
  node: AnyNode,
  name: string,
  value: Member["value"],
  accessors: Member["accessors"],
): Member | undefined {
  if (node.type !== "MemberExpression" || !isPrototype(node)) return undefined;
  if (node.object.type !== "Identifier") return undefined;
  return { step, node, owner: node.object.name, name, value, accessors };
}

/** Whether `Object.defineProperty` is told of accessors, and besides them what the interpreter ignores. */
function hasAccessorsOnly({ properties }: ObjectExpression): boolean {
  return properties.every((property) => {
    if (property.type !== "Property" || property.key.type !== "Identifier") return false;
    const { value, key } = property;
    if (key.name === "get" || key.name === "set") return value.type === "FunctionExpression";
    return key.name === "enumerable" || key.name === "configurable";
  });
}

/** Name and function of each accessor. */
function accessorsOf({ accessors }: Member): { kind: string; fn: FunctionExpression }[] {
  return (accessors?.properties ?? []).flatMap((property) => {
    if (property.type !== "Property" || property.key.type !== "Identifier") return [];
    const { value, key } = property;
    return value.type === "FunctionExpression" ? [{ kind: key.name, fn: value }] : [];
  });
}

/** `enumerable: false, configurable: true` behind the functions of a member that is no part of a literal. */
function dropAttributes(member: Member, text: MagicString): void {
  const last = accessorsOf(member).pop();
  const end = member.accessors?.properties.at(-1)?.end;
  if (last && end && last.fn.end < end) text.remove(last.fn.end, end);
}

interface Step {
  /** An expression that is evaluated; nothing at another statement. */
  step: AnyNode | undefined;
  /** Whether `return` stands before it. */
  isReturned: boolean;
}

/** What statements evaluate one after another. */
function steps(body: AnyNode[]): Step[] {
  return body.flatMap((statement): Step[] => {
    const isReturn = statement.type === "ReturnStatement";
    const expression =
      statement.type === "ExpressionStatement"
        ? statement.expression
        : isReturn
          ? statement.argument
          : undefined;
    if (!expression) return [{ step: undefined, isReturned: false }];
    const all = expression.type === "SequenceExpression" ? expression.expressions : [expression];
    return all.map((step, index) => ({ step, isReturned: isReturn && index === 0 }));
  });
}

/** A part of a literal: what is written before a text of the script. */
interface Part {
  before: string;
  start: number;
  end: number;
}

/** Whether `name() {}` is a method: `get` and `set` begin an accessor, and reserved words none. */
const mayBeMethod = (name: string) => name !== "get" && name !== "set" && !RESERVED.has(name);

function partsOf(member: Member): Part[] {
  const { name, value } = member;
  const method = (before: string, { start, end }: FunctionExpression): Part => ({
    before,
    start: start + "function".length,
    end,
  });
  if (!value) return accessorsOf(member).map(({ kind, fn }) => method(`${kind} ${name}`, fn));
  const { type, start, end } = value;
  if (type !== "FunctionExpression" || value.id || !mayBeMethod(name)) {
    return [{ before: `${name}:`, start, end }];
  }
  return [method(name, value)];
}

function writeLiteral(members: Member[], text: MagicString): void {
  const [head] = members as [Member];
  let from = head.step.start;
  let between = `${head.owner}.prototype={`;
  for (const member of members) {
    for (const { before, start, end } of partsOf(member)) {
      text.overwrite(from, start, between + before);
      between = ",";
      from = end;
    }
    if (from < member.step.end) text.remove(from, member.step.end);
    from = member.step.end;
  }
  text.appendLeft(from, "}");
}

/** Rewrites a script; a single member that is no function is left alone. */
export function sharePrototypes(code: string): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  /** Where each `X.prototype` is mentioned first. */
  const first = new Map<string, number>();
  /** What is handed to a function, as to the one that makes a class another's heir. */
  const given = new Set<string>();
  walk(program, (node) => {
    if (node.type === "CallExpression") {
      for (const one of node.arguments) if (one.type === "Identifier") given.add(one.name);
    }
    if (node.type !== "MemberExpression" || !isPrototype(node)) return;
    if (node.object.type !== "Identifier") return;
    const { name } = node.object;
    first.set(name, Math.min(node.start, first.get(name) ?? node.start));
  });
  let runs = 0;
  const share = (members: Member[]): void => {
    const [head] = members;
    if (!head) return;
    const { value } = head;
    const isSingle = members.length < 2 && value && value.type !== "FunctionExpression";
    const isNew = first.get(head.owner) === head.node.start && !given.has(head.owner);
    if (isNew && !isSingle) {
      writeLiteral(members, text);
      return;
    }
    if (members.length < 2) return;
    runs++;
    // No parenthesis: after a function the interpreter would take it for a call.
    text.appendLeft(head.step.start, `${PROTOTYPE}=${head.owner}.prototype,`);
    for (const member of members) {
      text.overwrite(member.node.start, member.node.end, PROTOTYPE);
      dropAttributes(member, text);
    }
  };
  const look = (body: AnyNode[]): void => {
    let run: Member[] = [];
    for (const { step, isReturned } of steps(body)) {
      const found = step && memberOf(step);
      if (found === undefined || found.owner !== run[0]?.owner || isReturned) {
        share(run);
        run = [];
      }
      if (found) run.push(found);
    }
    share(run);
  };
  look(program.body);
  walk(program, (node) => {
    if (isFunction(node)) look(node.body.body);
  });
  if (runs > 0) text.prepend(`var ${PROTOTYPE};`);
  return rewritten(text);
}
