/**
 * Puts named numbers of the top level where their names stand. A number is shorter than a name there, and
 * the interpreter needs no variable for it.
 * @module
 */
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findAssigned, findScopes } from "./scope.ts";

/** Longest number, in characters, that replaces all mentions of its name. */
const LONGEST = 4;

/** Rewrites a script; what changes, or is long, keeps its name. */
export function inlineNumbers(code: string): Rewritten {
  const text = new MagicString(code);
  const program = parseScript(code);
  const scopes = findScopes(program);
  const assigned = findAssigned(program, scopes);
  for (const statement of program.body) {
    if (statement.type !== "VariableDeclaration" || statement.declarations.length > 1) continue;
    const { id, init } = statement.declarations[0] as (typeof statement.declarations)[0];
    const variable = id.type === "Identifier" ? scopes.meaning.get(id) : undefined;
    if (!variable || assigned.has(variable) || variable.declarations.length > 1) continue;
    if (init?.type !== "Literal" || typeof init.value !== "number") continue;
    const shown = String(init.value);
    if (shown.length > LONGEST) continue;
    // `5.toString` is no script.
    if (variable.mentions.some(({ end }) => code[end] === ".")) continue;
    for (const mention of variable.mentions) {
      if (mention !== id) text.overwrite(mention.start, mention.end, shown);
    }
    text.remove(statement.start, statement.end);
  }
  return rewritten(text);
}
