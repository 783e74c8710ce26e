/**
 * The dialect guard: refuses what the interpreter lacks or treats otherwise than TypeScript says,
 * as far as the build does not lower it and the type declarations let it through.
 *
 * Not checkable before the program runs, so left to reviews and tests: depth of calls and of JSON,
 * growth of a recursive promise chain, values of `any`, keys of a map that are names of inherited
 * methods (`on`, `emit`, `clone`, `toString`...), the order of keys that are numbers, indexes that turn out negative, text of numbers
 * beyond 12 digits and rounding of `toFixed`, `Number(" 5 ")`, unreadable dates read at run time,
 * patterns put together at run time, the order of equal items after `sort`, the clock's jumps,
 * intervals that catch up, `length` of text outside ASCII (it counts bytes), `this` of a function
 * called without an object (the global object), code in `eval` and `new Function`.
 * @module
 */

import type { Finding } from "../check.ts";
import { Kept, surroundingsIn } from "../kept.ts";
import ts from "../typescript.js";
import { builtInRules } from "./builtins.ts";
import { findingAt } from "./finding.ts";
import { checkImports } from "./imports.ts";
import { objectRules } from "./objects.ts";
import type { Guard } from "./rule.ts";
import { syntaxRules } from "./syntax.ts";
import { textRules } from "./text.ts";

const rules = [...syntaxRules, ...textRules, ...objectRules, ...builtInRules];

/** What one file holds of it. */
const checked = new Kept<Finding[]>();

/**
 * What `program` holds that the interpreter can't take, in the order of files and positions.
 * Declaration files are not looked at.
 */
export function checkDialect(program: ts.Program): Finding[] {
  const files = program.getSourceFiles().filter((file) => !file.isDeclarationFile);
  const surroundings = surroundingsIn(program);
  const findings = files.flatMap((file) =>
    checked.get(file, surroundings.keyOf(file), () => checkFile(file, program)),
  );
  return [...findings, ...checkImports(files, program)];
}

function checkFile(file: ts.SourceFile, program: ts.Program): Finding[] {
  const findings: Finding[] = [];
  const guard: Guard = {
    checker: program.getTypeChecker(),
    refuse: (node, message) => findings.push(findingAt(node, message)),
  };
  const visit = (node: ts.Node): void => {
    for (const rule of rules) rule(node, guard);
    if (!isTypeOnly(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

/** Types, interfaces and `declare`d things leave nothing in the script. */
function isTypeOnly(node: ts.Node): boolean {
  return (
    (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.canHaveModifiers(node) &&
      (node.modifiers ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword))
  );
}
