/**
 * Parses the emitted script.
 * @module
 */
import { type Program, parse } from "acorn";

/** What was parsed last: often the next step of a build looks at the same. */
let last: { code: string; program: Program } | undefined;

/** The script's tree, which nobody changes. Throws a SyntaxError that says where. */
export function parseScript(code: string): Program {
  if (last?.code !== code) {
    last = { code, program: parse(code, { ecmaVersion: 2022, sourceType: "script" }) };
  }
  return last.program;
}
