/**
 * Short names for members that nobody outside the script uses, the private ones of classes and those
 * that modules share: a board pays for every character of a name. One name stands for the same word
 * everywhere, so a class and the one it extends never come into conflict.
 * @module
 */
import ts from "./typescript.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const FOLLOWING = `0123456789abcdefghijklmnopqrstuvwxyz${LETTERS}`;

/** One capital, then a capital and a letter or digit: the minifier's local names begin small. */
function shortNames(): string[] {
  const pairs = [...LETTERS].flatMap((first) => [...FOLLOWING].map((second) => first + second));
  return [...LETTERS, ...pairs];
}

/** Whether a member's name may be one of these. */
export function isShortName(name: string): boolean {
  return /^[A-Z][0-9A-Za-z]?$/.test(name);
}

function isPrivate(node: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

function isMember(node: ts.Node): node is ts.PropertyDeclaration | ts.MethodDeclaration {
  return (
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node)
  );
}

/** The words of one file. */
interface Words {
  /** What strings hold. */
  texts: Set<string>;
  /** Identifiers, and how often each stands there. */
  mentions: Map<string, number>;
  /** Names of private members. */
  privates: Set<string>;
}

const known = new WeakMap<ts.SourceFile, Words>();

/** Looks at each file once in a process: builds have most in common. */
export function wordsOf(file: ts.SourceFile): Words {
  const before = known.get(file);
  if (before) return before;
  const words: Words = { texts: new Set(), mentions: new Map(), privates: new Set() };
  const { texts, mentions, privates } = words;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) mentions.set(node.text, (mentions.get(node.text) ?? 0) + 1);
    if (ts.isStringLiteralLike(node)) texts.add(node.text);
    if ((isMember(node) || ts.isParameter(node)) && isPrivate(node)) {
      if (ts.isIdentifier(node.name)) privates.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  known.set(file, words);
  return words;
}

/** The short names of all private and shared members of a program, by their words. */
export function privateNames(program: ts.Program, shared: Set<string>): Map<string, string> {
  const words = new Set(shared);
  const mentions = new Map<string, number>();
  // Words of JSON and of the interpreter, which a short name must not be taken for.
  const taken = new Set<string>();
  for (const file of program.getSourceFiles()) {
    const own = wordsOf(file);
    for (const text of own.texts) taken.add(text);
    for (const text of own.mentions.keys()) taken.add(text);
    if (file.isDeclarationFile) continue;
    for (const [text, times] of own.mentions) mentions.set(text, (mentions.get(text) ?? 0) + times);
    for (const text of own.privates) words.add(text);
  }
  const count = (word: string) => mentions.get(word) ?? 0;
  const sorted = [...words].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1));
  const free = shortNames().filter((name) => !taken.has(name));
  return new Map(
    sorted.map((word, index) => {
      const name = free[index];
      if (name === undefined) throw new Error("more private members than short names");
      return [word, name];
    }),
  );
}

/** A transformer to run before the emitter's own; `names` as `privateNames` gives them. */
export function shortenPrivateNames(
  checker: ts.TypeChecker,
  names: Map<string, string>,
  shared: Set<string>,
): ts.TransformerFactory<ts.SourceFile> {
  const declarationsOf = (name: ts.Node): ts.Declaration[] =>
    checker.getSymbolAtLocation(ts.getOriginalNode(name))?.declarations ?? [];
  const isPrivateUse = (name: ts.Node): boolean =>
    declarationsOf(name).some(
      (node) => (isMember(node) || ts.isParameter(node)) && isPrivate(node),
    );
  // A parameter property is a local variable of its constructor, too.
  const isParameterUse = (name: ts.Node): boolean =>
    declarationsOf(name).some((node) => ts.isParameter(node) && isPrivate(node));
  return (context) => (file) => {
    const { factory } = context;
    const shorten = (name: ts.Node): ts.Identifier | undefined => {
      if (!ts.isIdentifier(name)) return undefined;
      const short = names.get(name.text);
      if (short === undefined || !(shared.has(name.text) || isPrivateUse(name))) return undefined;
      const made = factory.createIdentifier(short);
      ts.setSourceMapRange(made, ts.getSourceMapRange(name));
      return made;
    };
    /** The short name of the private member that an element of a pattern stands for. */
    const destructured = (seen: ts.BindingElement): string | undefined => {
      // Another transformer may have made a copy, which has no place in the tree.
      const node = ts.getOriginalNode(seen) as ts.BindingElement;
      const name = node.propertyName ?? node.name;
      if (!node.parent || !ts.isObjectBindingPattern(node.parent)) return undefined;
      if (!ts.isIdentifier(name)) return undefined;
      const type = checker.getTypeAtLocation(node.parent);
      const declarations = checker.getPropertyOfType(type, name.text)?.declarations ?? [];
      return declarations.some((one) => isPrivate(one)) ? names.get(name.text) : undefined;
    };
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isIdentifier(node)) return (isParameterUse(node) && shorten(node)) || node;
      const taken = ts.isBindingElement(node) ? destructured(node) : undefined;
      const seen = ts.visitEachChild(node, visit, context);
      if (ts.isPropertyAccessExpression(seen)) {
        const name = shorten(seen.name);
        if (!name) return seen;
        return ts.isPropertyAccessChain(seen)
          ? factory.updatePropertyAccessChain(seen, seen.expression, seen.questionDotToken, name)
          : factory.updatePropertyAccessExpression(seen, seen.expression, name);
      }
      if (taken !== undefined && ts.isBindingElement(seen)) {
        const name = factory.createIdentifier(taken);
        return factory.updateBindingElement(seen, undefined, name, seen.name, seen.initializer);
      }
      if (ts.isShorthandPropertyAssignment(seen) && shared.has(seen.name.text)) {
        return factory.createPropertyAssignment(names.get(seen.name.text) as string, seen.name);
      }
      if (ts.isPropertyAssignment(seen)) {
        const name = ts.isIdentifier(seen.name) && shared.has(seen.name.text) && shorten(seen.name);
        return name ? factory.updatePropertyAssignment(seen, name, seen.initializer) : seen;
      }
      if (!isMember(seen)) return seen;
      const name = shorten(seen.name);
      return name ? rename(factory, seen, name) : seen;
    };
    return ts.visitEachChild(file, visit, context);
  };
}

function rename(factory: ts.NodeFactory, member: ts.Node, name: ts.Identifier): ts.Node {
  if (ts.isPropertyDeclaration(member)) {
    const token = member.questionToken ?? member.exclamationToken;
    return factory.updatePropertyDeclaration(
      member,
      member.modifiers,
      name,
      token,
      member.type,
      member.initializer,
    );
  }
  if (ts.isMethodDeclaration(member)) {
    return factory.updateMethodDeclaration(
      member,
      member.modifiers,
      member.asteriskToken,
      name,
      member.questionToken,
      member.typeParameters,
      member.parameters,
      member.type,
      member.body,
    );
  }
  if (ts.isGetAccessorDeclaration(member)) {
    return factory.updateGetAccessorDeclaration(
      member,
      member.modifiers,
      name,
      member.parameters,
      member.type,
      member.body,
    );
  }
  const setter = member as ts.SetAccessorDeclaration;
  return factory.updateSetAccessorDeclaration(
    setter,
    setter.modifiers,
    name,
    setter.parameters,
    setter.body,
  );
}
