/**
 * Lets calls of a function that only calls another, with something before what it was given, go there
 * directly: on the interpreter each function takes variables, and each call time.
 * @module
 */
import type { AnyNode, CallExpression } from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { type Fn, findScopes, walkOwn } from "./scope.ts";
import { findUses } from "./uses.ts";

/** Characters that such a function takes, about. */
const DEFINITION = 40;

/** Where the calls of a function go. */
interface Forward {
  name: string;
  /** What comes before the arguments, with commas. */
  before: string;
}

/** Rewrites a script; the functions go as well. */
export function forwardCalls(code: string): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  const { functions } = findUses(program, findScopes(program));
  const noResult = (name: string) => {
    const definition = functions.get(name)?.definitions[0];
    return definition !== undefined && !returnsValue(definition.fn);
  };
  const gone = new Set<string>();
  const targets = new Set<string>();
  for (const [name, { definitions, calls, other }] of functions) {
    const [definition] = definitions;
    if (other || !definition || definitions.length > 1) continue;
    const to = forwardOf(definition.fn, code, noResult);
    const count = definition.fn.params.length;
    if (!to || to.name === name || gone.has(to.name) || targets.has(name)) continue;
    if (calls.some(({ call }) => call.arguments.length !== count)) continue;
    // Not where the script gets longer: names are a few characters at last.
    if (calls.length * to.before.length > DEFINITION) continue;
    gone.add(name);
    targets.add(to.name);
    for (const { call } of calls) {
      text.overwrite(call.callee.start, call.callee.end, to.name);
      text.appendRight((call.arguments[0] as AnyNode).start, to.before);
    }
    text.remove(definition.node.start, definition.node.end);
  }
  return rewritten(text);
}

/** Where a function's calls go, if it has parameters and does nothing but pass them on in order. */
function forwardOf(fn: Fn, code: string, noResult: (name: string) => boolean): Forward | undefined {
  const [only] = fn.body.body;
  if (fn.body.body.length !== 1 || only?.type !== "ExpressionStatement") return undefined;
  const call = only.expression as CallExpression;
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return undefined;
  if (fn.params.length === 0 || !noResult(call.callee.name)) return undefined;
  const given = call.arguments.slice(call.arguments.length - fn.params.length);
  const added = call.arguments.slice(0, -fn.params.length);
  const fits = given.every((one, index) => {
    const parameter = fn.params[index];
    if (one.type !== "Identifier" || parameter?.type !== "Identifier") return false;
    return one.name === parameter.name;
  });
  if (!fits || added.some(({ type }) => type !== "Literal")) return undefined;
  const before = added.map(({ start, end }) => `${code.slice(start, end)},`).join("");
  return { name: call.callee.name, before };
}

function returnsValue(fn: Fn): boolean {
  let found = false;
  walkOwn(fn, (node) => {
    if (node.type === "ReturnStatement" && node.argument) found = true;
  });
  return found;
}
