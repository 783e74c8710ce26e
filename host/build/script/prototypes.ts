/**
 * Methods of classes are given to a short name for the prototype: `X.prototype` is written once a class. Accessors lose the attributes that the interpreter does not look at.
 * @module
 */
import type { AnyNode, MemberExpression } from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { isFunction, walk } from "./scope.ts";

/** Name of the variable that holds the prototype in hand. */
const PROTOTYPE = "_p";

interface Mention {
  /** `X.prototype`, as it stands there. */
  node: MemberExpression;
  /** `X`. */
  name: string;
  /** Where the step begins that it stands in. */
  start: number;
}

/** `X.prototype`, when a node is that. */
function prototypeOf(node: AnyNode | undefined, start: number): Mention | undefined {
  if (node?.type !== "MemberExpression" || node.computed) return undefined;
  const { object, property } = node;
  if (object.type !== "Identifier" || property.type !== "Identifier") return undefined;
  return property.name === "prototype" ? { node, name: object.name, start } : undefined;
}

/** The prototype that a step adds a member to. */
function target(step: AnyNode): Mention | undefined {
  if (step.type === "AssignmentExpression" && step.left.type === "MemberExpression") {
    return step.left.computed ? undefined : prototypeOf(step.left.object, step.start);
  }
  if (step.type !== "CallExpression" || step.callee.type !== "MemberExpression") return undefined;
  const { object, property } = step.callee;
  if (object.type !== "Identifier" || object.name !== "Object") return undefined;
  if (property.type !== "Identifier" || property.name !== "defineProperty") return undefined;
  return prototypeOf(step.arguments[0], step.start);
}

/** `enumerable: false, configurable: true` behind an accessor's functions. */
function dropAttributes(step: AnyNode, text: MagicString): void {
  const description = step.type === "CallExpression" ? step.arguments[2] : undefined;
  if (description?.type !== "ObjectExpression") return;
  description.properties.forEach((property, index, all) => {
    if (property.type !== "Property" || property.key.type !== "Identifier") return;
    if (!["enumerable", "configurable"].includes(property.key.name)) return;
    text.remove(all[index - 1]?.end ?? property.start, property.end);
  });
}

/** The expressions that statements evaluate one after another; nothing at another statement. */
function steps(body: AnyNode[]): (AnyNode | undefined)[] {
  return body.flatMap((statement): (AnyNode | undefined)[] => {
    const expression =
      statement.type === "ExpressionStatement"
        ? statement.expression
        : statement.type === "ReturnStatement"
          ? statement.argument
          : undefined;
    if (!expression) return [undefined];
    return expression.type === "SequenceExpression" ? expression.expressions : [expression];
  });
}

/** Rewrites a script; a single member is left alone. */
export function sharePrototypes(code: string): Rewritten {
  const text = new MagicString(code);
  let run: Mention[] = [];
  let runs = 0;
  const flush = (): void => {
    const members = run;
    run = [];
    const [first] = members;
    if (!first || members.length < 2) return;
    runs++;
    // No parenthesis: after a function the interpreter would take it for a call.
    text.appendLeft(first.start, `${PROTOTYPE}=${first.name}.prototype,`);
    for (const { node } of members) text.overwrite(node.start, node.end, PROTOTYPE);
  };
  const share = (body: AnyNode[]): void => {
    for (const step of steps(body)) {
      const mention = step && target(step);
      if (mention === undefined || mention.name !== run[0]?.name) flush();
      if (!mention) continue;
      run.push(mention);
      dropAttributes(step as AnyNode, text);
    }
    flush();
  };
  const program = parseScript(code);
  share(program.body);
  walk(program, (node) => {
    if (isFunction(node)) share(node.body.body);
  });
  if (runs > 0) text.prepend(`var ${PROTOTYPE};`);
  return rewritten(text);
}
