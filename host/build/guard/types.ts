/**
 * Questions about types that several rules ask.
 * @module
 */
import ts from "../typescript.js";

const TYPED_ARRAYS =
  /^(TypedArray|U?[Ii]nt(8|16|32)(Clamped)?Array|Uint.*Array|Float(32|64)Array)$/;

/** Whether `type` says nothing, so that names are all there is to go by. */
export function isAny(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** Whether every member of a union fits, null and undefined aside. */
function every(type: ts.Type, test: (part: ts.Type) => boolean): boolean {
  const nothing = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
  const parts = type.isUnion() ? type.types.filter((part) => !(part.flags & nothing)) : [type];
  return parts.length > 0 && parts.every(test);
}

export function isString(type: ts.Type): boolean {
  return every(type, (part) => (part.flags & ts.TypeFlags.StringLike) !== 0);
}

export function isArray(type: ts.Type, checker: ts.TypeChecker): boolean {
  return every(type, (part) => checker.isArrayType(part) || checker.isTupleType(part));
}

export function isTypedArray(type: ts.Type): boolean {
  return every(type, (part) => TYPED_ARRAYS.test(part.symbol?.name ?? ""));
}

/** Whether `symbol` is declared by the interpreter's type declarations, not by the program. */
export function isBuiltIn(symbol: ts.Symbol | undefined): boolean {
  return (symbol?.declarations ?? []).some(
    (declaration) => declaration.getSourceFile().isDeclarationFile,
  );
}

/** Name of the global that an expression means; undefined for anything of the program's own. */
export function globalName(node: ts.Expression, checker: ts.TypeChecker): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const symbol = checker.getSymbolAtLocation(node);
  return symbol === undefined || isBuiltIn(symbol) ? node.text : undefined;
}

/** The built-in class that a class type descends from, e.g. `"Error"`; undefined when none. */
export function builtInBase(type: ts.Type, names: string[]): string | undefined {
  const name = type.symbol?.name;
  if (name !== undefined && names.includes(name) && isBuiltIn(type.symbol)) return name;
  for (const base of type.getBaseTypes?.() ?? []) {
    const found = builtInBase(base, names);
    if (found !== undefined) return found;
  }
  return undefined;
}
