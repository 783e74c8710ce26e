/**
 * Parses the emitted script.
 * @module
 */
import { type Program, parse } from "acorn";

/** The script's tree; `locations`: with lines and columns. Throws a SyntaxError that says where. */
export function parseScript(code: string, locations = false): Program {
  return parse(code, { ecmaVersion: 2022, sourceType: "script", locations });
}
