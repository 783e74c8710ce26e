/**
 * Text in literals becomes its UTF-8 bytes, one `\xHH` a byte: boards have byte strings only, and
 * cut wider characters to eight bits. Templates become sums: the emitter's `concat` would leave out
 * undefined and costs a call.
 * @module
 */
import ts from "./typescript.js";

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

/**
 * A transformer to run before the emitter's own.
 *
 * Where two values that are no strings follow one another in a text, the second becomes a string
 * of its own: the minifier adds such neighbours up when both are constants (`"a" + x + 3 + 4` would
 * end in 7).
 */
export function lowerText(checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => transform(file, context, checker);
}

function transform(
  file: ts.SourceFile,
  context: ts.TransformationContext,
  checker: ts.TypeChecker,
): ts.SourceFile {
  const { factory } = context;
  const isText = (node: ts.Expression): boolean =>
    (checker.getTypeAtLocation(node).flags & ts.TypeFlags.StringLike) !== 0;
  const asText = (node: ts.Expression): ts.Expression =>
    factory.createParenthesizedExpression(factory.createAdd(factory.createStringLiteral(""), node));
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
    if (ts.isTemplateExpression(node)) return ts.setTextRange(sum(node), node);
    if (ts.isBinaryExpression(node) && followsValue(node)) {
      const left = ts.visitNode(node.left, visit, ts.isExpression);
      const right = asText(ts.visitNode(node.right, visit, ts.isExpression));
      return factory.updateBinaryExpression(node, left, node.operatorToken, right);
    }
    if (ts.isTaggedTemplateExpression(node)) return ts.visitEachChild(node, visitTagged, context);
    const made = replace(node);
    return made ? ts.setTextRange(made, node) : ts.visitEachChild(node, visit, context);
  };
  const text = (node: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail): string =>
    (replace(node) as ts.TemplateLiteralToken | undefined)?.text ?? node.text;
  const followsValue = ({ left, operatorToken, right }: ts.BinaryExpression): boolean =>
    operatorToken.kind === ts.SyntaxKind.PlusToken &&
    ts.isBinaryExpression(left) &&
    left.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    isText(left) &&
    !isText(left.right) &&
    !isText(right);
  const sum = (node: ts.TemplateExpression): ts.Expression => {
    let result: ts.Expression = factory.createStringLiteral(text(node.head));
    let endsInText = true;
    for (const span of node.templateSpans) {
      let value = ts.visitNode(span.expression, visit, ts.isExpression);
      const isString = isText(span.expression);
      if (!endsInText && !isString) value = asText(value);
      endsInText = isString || span.literal.text !== "";
      result = factory.createAdd(result, ts.setTextRange(value, span.expression));
      const literal = text(span.literal);
      if (literal !== "") result = factory.createAdd(result, factory.createStringLiteral(literal));
    }
    return result;
  };
  const visitTagged = (node: ts.Node): ts.Node =>
    ts.isTemplateExpression(node) ? ts.visitEachChild(node, visit, context) : visit(node);
  return ts.visitEachChild(file, visit, context);
}
