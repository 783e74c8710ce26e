/**
 * Text in string literals becomes its UTF-8 bytes, one `\xHH` a byte: boards have byte strings
 * only, and cut wider characters to eight bits.
 * @module
 */
import ts from "typescript-es5";

/** Text between quotes as it stands in a source, with every character outside ASCII as bytes. */
function escaped(raw: string): string {
  return raw.replace(/[^\0-\x7f]+/g, (text) =>
    [...Buffer.from(text, "utf8")].map((byte) => `\\x${byte.toString(16)}`).join(""),
  );
}

function textOf(quoted: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false);
  scanner.setText(quoted);
  scanner.scan();
  return scanner.getTokenValue();
}

/** A transformer to run before the emitter's own. */
export const textAsBytes: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const replace = (node: ts.Node): ts.Node | undefined => {
    if (!ts.isLiteralExpression(node) && !ts.isTemplateMiddleOrTemplateTail(node)) {
      if (!ts.isTemplateHead(node)) return undefined;
    }
    const source = node.getText(file);
    if (!/[^\0-\x7f]/.test(source)) return undefined;
    const raw = escaped(source);
    if (ts.isStringLiteral(node)) return factory.createStringLiteral(textOf(raw));
    const inner = raw.replace(/^[`}]/, "").replace(/(`|\$\{)$/, "");
    const value = textOf(`\`${inner}\``);
    switch (node.kind) {
      case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
        return factory.createNoSubstitutionTemplateLiteral(value, inner);
      case ts.SyntaxKind.TemplateHead:
        return factory.createTemplateHead(value, inner);
      case ts.SyntaxKind.TemplateMiddle:
        return factory.createTemplateMiddle(value, inner);
      case ts.SyntaxKind.TemplateTail:
        return factory.createTemplateTail(value, inner);
      default:
        return undefined;
    }
  };
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return node;
    const made = replace(node);
    return made ? ts.setTextRange(made, node) : ts.visitEachChild(node, visit, context);
  };
  return ts.visitEachChild(file, visit, context);
};
