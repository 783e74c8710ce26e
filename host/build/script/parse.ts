/**
 * Parses the emitted script.
 * @module
 */
import { type Program, parse } from "acorn";

/** The script's tree, with lines and columns. Throws a SyntaxError that says where. */
export function parseScript(code: string): Program {
  return parse(code, { ecmaVersion: 2022, sourceType: "script", locations: true });
}
