/**
 * The names that the interpreter provides, as the type declarations have them.
 * @module
 */
import ts from "./typescript.js";

/** Values declared at the top level of the program's declaration files. */
export function globalNames(program: ts.Program): Set<string> {
  const names = new Set(["NaN", "Infinity"]);
  for (const file of program.getSourceFiles()) {
    if (!file.isDeclarationFile) continue;
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement)) {
        for (const { name } of statement.declarationList.declarations) {
          if (ts.isIdentifier(name)) names.add(name.text);
        }
      } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
        if (statement.name) names.add(statement.name.text);
      }
    }
  }
  return names;
}
