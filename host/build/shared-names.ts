/**
 * Names of members that several modules share but nobody outside the script: they may be shortened
 * as private ones are. A word is out of it as soon as one use of it could be seen outside: on a value
 * of type `any` (JSON, the REPL), on a type of the interpreter's own, in the public classes.
 * @module
 */
import { Kept, surroundingsIn } from "./kept.ts";
import ts from "./typescript.js";

/** Members of an object type, whatever declares it. */
type Member = ts.PropertyDeclaration | ts.MethodDeclaration | ts.PropertySignature;

function isMember(node: ts.Node): boolean {
  return (
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node)
  );
}

const isForeign = (node: ts.Node) => node.getSourceFile().isDeclarationFile;

const isOpen = (type: ts.Type) => (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;

/** A class marked with `@public`: applications call it, and so does the REPL. */
function isPublicClass(node: ts.Node): boolean {
  return ts.isClassDeclaration(node) && ts.getJSDocPublicTag(node) !== undefined;
}

/** A member marked with `@internal`: other modules of ours use it, applications don't. */
function isInternal(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some((tag) => tag.tagName.text === "internal");
}

/** Handed to a function of ours, however it is declared. */
function isTimerArgument(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isCallExpression(parent) &&
    ts.isIdentifier(parent.expression) &&
    ["setTimeout", "setInterval"].includes(parent.expression.text)
  );
}

class Search {
  readonly words = new Set<string>();
  readonly seen = new Set<string>();
  private readonly shown = new Set<ts.Type>();

  constructor(private readonly checker: ts.TypeChecker) {}

  visit = (node: ts.Node): void => {
    if (isMember(node)) this.declared(node as Member);
    // Its name is that of the constructor's variable, too.
    if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
      this.seen.add(node.name.getText());
    }
    if (isPublicClass(node)) this.show(this.checker.getTypeAtLocation(node));
    if (ts.isNewExpression(node)) this.given(node.expression, node.typeArguments);
    if (ts.isTypeReferenceNode(node)) this.given(node.typeName, node.typeArguments);
    if (ts.isPropertyAccessExpression(node)) this.used(node.name);
    if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
      this.seen.add(node.argumentExpression.text);
    if (ts.isBindingElement(node)) this.seen.add((node.propertyName ?? node.name).getText());
    if (ts.isObjectLiteralExpression(node)) this.written(node);
    if (ts.isForInStatement(node)) this.show(this.checker.getTypeAtLocation(node.expression));
    if (ts.isExpression(node)) this.flows(node);
    ts.forEachChild(node, this.visit);
  };

  private declared(node: Member): void {
    if (!node.name || !ts.isIdentifier(node.name)) {
      if (node.name && ts.isStringLiteralLike(node.name)) this.seen.add(node.name.text);
      return;
    }
    this.words.add(node.name.text);
  }

  /** What a public class is made for, a thing model say, is seen outside: in messages. */
  private given(name: ts.Node, types: ts.NodeArray<ts.TypeNode> | undefined): void {
    if (!types) return;
    const symbol = this.checker.getSymbolAtLocation(name);
    const isAlias = symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const target = isAlias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!target?.declarations?.some(isPublicClass)) return;
    for (const type of types) this.show(this.checker.getTypeFromTypeNode(type));
  }

  /** A name behind a dot. */
  private used(name: ts.MemberName): void {
    const declarations = this.checker.getSymbolAtLocation(name)?.declarations ?? [];
    const isOurs = declarations.every((one) => isMember(one) && !isForeign(one));
    if (declarations.length === 0 || !isOurs) this.seen.add(name.text);
  }

  /** The names in an object literal are those of the type that is expected there, or anybody's. */
  private written(node: ts.ObjectLiteralExpression): void {
    const wanted = this.checker.getContextualType(node);
    for (const property of node.properties) {
      const name = property.name;
      if (!name) continue;
      const text = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : "";
      const member = wanted && this.checker.getPropertyOfType(wanted, text);
      const declarations = member?.declarations ?? [];
      if (declarations.length === 0 || declarations.some(isForeign)) this.seen.add(text);
    }
  }

  /** What becomes `any`, or was it, is seen outside: JSON, the REPL, the interpreter's functions. */
  private flows(node: ts.Expression): void {
    const type = this.checker.getTypeAtLocation(node);
    if (ts.isAsExpression(node)) {
      const inner = this.checker.getTypeAtLocation(node.expression);
      if (isOpen(inner)) this.show(type);
      if (isOpen(type)) this.show(inner);
    }
    const wanted = isTimerArgument(node) ? undefined : this.checker.getContextualType(node);
    if (!wanted) return;
    if (isOpen(type)) this.show(wanted);
    else if (isOpen(wanted)) this.show(type);
    else if (type !== wanted) this.matches(type, wanted);
  }

  /** A value of one type where another is expected: the interpreter may have declared either. */
  private matches(type: ts.Type, wanted: ts.Type): void {
    for (const member of wanted.getProperties()) {
      const own = type.getProperty(member.name);
      const both = [...(member.declarations ?? []), ...(own?.declarations ?? [])];
      if (own && both.some(isForeign)) this.seen.add(member.name);
    }
  }

  /** All that can be reached from a value of this type. */
  private show(type: ts.Type): void {
    if (this.shown.has(type)) return;
    this.shown.add(type);
    if (type.isUnionOrIntersection()) {
      for (const part of type.types) this.show(part);
      return;
    }
    for (const part of this.checker.getTypeArguments(type as ts.TypeReference) ?? []) {
      this.show(part);
    }
    const declarations = type.symbol?.declarations ?? [];
    if (declarations.some(isForeign)) return;
    for (const member of type.getProperties()) {
      const node = member.valueDeclaration ?? member.declarations?.[0];
      if (!node || (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0) continue;
      if (isInternal(node)) continue;
      this.seen.add(member.name);
      this.show(this.checker.getTypeOfSymbolAtLocation(member, node));
    }
    for (const index of this.checker.getIndexInfosOfType(type)) this.show(index.type);
    for (const signature of type.getCallSignatures()) {
      this.show(signature.getReturnType());
      for (const parameter of signature.getParameters()) {
        const node = parameter.valueDeclaration;
        if (node) this.show(this.checker.getTypeOfSymbolAtLocation(parameter, node));
      }
    }
  }
}

/** Words of members, and those seen outside, of one file. */
const searched = new Kept<Pick<Search, "words" | "seen">>();

/** The words that may be shortened wherever they stand for a member. */
export function sharedNames(program: ts.Program): Set<string> {
  const surroundings = surroundingsIn(program);
  const words = new Set<string>();
  const seen = new Set<string>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    const found = searched.get(file, surroundings.keyOf(file), () => {
      const search = new Search(program.getTypeChecker());
      ts.forEachChild(file, search.visit);
      return { words: search.words, seen: search.seen };
    });
    for (const word of found.words) words.add(word);
    for (const word of found.seen) seen.add(word);
  }
  for (const word of seen) words.delete(word);
  return words;
}
