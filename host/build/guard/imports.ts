/**
 * The rule against circular imports: in one script a module of a circle runs before what it needs.
 * @module
 */

import type { Finding } from "../check.ts";
import { shownPath } from "../project.ts";
import ts from "../typescript.js";
import { findingAt } from "./finding.ts";

interface Import {
  node: ts.Node;
  file: ts.SourceFile;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function importsOf(file: ts.SourceFile, program: ts.Program): Import[] {
  const imports: Import[] = [];
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const name = statement.moduleSpecifier;
    if (!name || isTypeOnly(statement)) continue;
    const symbol = program.getTypeChecker().getSymbolAtLocation(name);
    const target = symbol?.valueDeclaration;
    if (target && ts.isSourceFile(target)) imports.push({ node: name, file: target });
  }
  return imports;
}

/** One finding for each circle of value imports among `files`, at the import that closes it. */
export function checkImports(files: ts.SourceFile[], program: ts.Program): Finding[] {
  const findings: Finding[] = [];
  const done = new Set<ts.SourceFile>();
  const visit = (file: ts.SourceFile, path: ts.SourceFile[]): void => {
    if (done.has(file)) return;
    const here = [...path, file];
    for (const { node, file: target } of importsOf(file, program)) {
      const start = here.indexOf(target);
      if (start < 0) visit(target, here);
      else {
        const circle = [...here.slice(start), target].map((part) => shownPath(part.fileName));
        findings.push(
          findingAt(
            node,
            `circular import (${circle.join(" -> ")}): move what both need into a module of its own`,
          ),
        );
      }
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return findings;
}
