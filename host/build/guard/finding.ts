/**
 * From a place in the syntax tree to a finding.
 * @module
 */

import type { Finding } from "../check.ts";
import { shownPath } from "../project.ts";
import type ts from "../typescript.js";

/** A finding at the first character of `node`. */
export function findingAt(node: ts.Node, message: string): Finding {
  const file = node.getSourceFile();
  const at = file.getLineAndCharacterOfPosition(node.getStart(file));
  return {
    file: shownPath(file.fileName),
    line: at.line + 1,
    column: at.character + 1,
    message,
  };
}
