/**
 * Rules on the text of a program: identifiers, string, number and regular expression literals.
 * @module
 */
import ts from "../typescript.js";
import { regExpLacks } from "./regexp.ts";
import type { Guard, Rule } from "./rule.ts";
import { globalName } from "./types.ts";

/** Longest identifier that the interpreter keeps apart from others, in characters. */
const LONGEST_IDENTIFIER = 63;

const identifiers: Rule = (node, guard) => {
  if (!ts.isIdentifier(node)) return;
  if (/[^ -~]/.test(node.text)) {
    guard.refuse(node, `"${node.text}": the interpreter knows ASCII identifiers only: rename it`);
  }
  if (node.text.length > LONGEST_IDENTIFIER) {
    guard.refuse(
      node,
      `the interpreter cuts identifiers after ${LONGEST_IDENTIFIER} characters, this one has ${node.text.length}: shorten it`,
    );
  }
};

const escapes: Rule = (node, guard) => {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateMiddleOrTemplateTail(node)) {
    if (!ts.isTemplateHead(node)) return;
  }
  const raw = node.getText();
  const pattern = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|[\s\S])/g;
  for (let match = pattern.exec(raw); match; match = pattern.exec(raw)) {
    const code = Number.parseInt(match[1] ?? match[2] ?? "0", 16);
    if (code >= 0x80) {
      guard.refuse(
        node,
        `${match[0]}: strings hold bytes on the interpreter: write the character itself for UTF-8 text, or \\xHH for a byte`,
      );
    }
  }
};

const numbers: Rule = (node, guard) => {
  if (!ts.isNumericLiteral(node)) return;
  const text = node.getText();
  if (!/[.eE]/.test(text.replace(/^0x.*/i, "")) && Number(node.text) > 2 ** 53) {
    guard.refuse(
      node,
      `${text}: the interpreter wraps or rounds integer literals above 2^53: write it with an exponent, e.g. 1e20`,
    );
  }
};

function checkPattern(pattern: string, flags: string, node: ts.Node, guard: Guard): void {
  const lacks = regExpLacks(pattern, flags);
  if (lacks !== undefined) {
    guard.refuse(
      node,
      `${lacks} is not supported by the interpreter's regular expressions: write a simpler pattern, or search with indexOf`,
    );
  }
}

const patterns: Rule = (node, guard) => {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf("/");
    checkPattern(node.text.slice(1, end), node.text.slice(end + 1), node, guard);
  }
  if (ts.isNewExpression(node) && globalName(node.expression, guard.checker) === "RegExp") {
    const [pattern, flags] = node.arguments ?? [];
    if (pattern && ts.isStringLiteralLike(pattern)) {
      const text = flags && ts.isStringLiteralLike(flags) ? flags.text : "";
      checkPattern(pattern.text, text, pattern, guard);
    }
  }
};

const replacements: Rule = (node, guard) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  if (!/^replace(All)?$/.test(node.expression.name.text)) return;
  const text = node.arguments[1];
  const mark = text && ts.isStringLiteralLike(text) ? /\$[$&`'<]/.exec(text.text) : null;
  if (text && mark) {
    guard.refuse(
      text,
      `"${mark[0]}" is not replaced by the interpreter: use $1 with a group, or a function`,
    );
  }
};

/** Methods that search a text, and what finds whole occurrences only. */
const SEARCHES = new Map([
  ["includes", "lastIndexOf(…) >= 0"],
  ["replace", "a regular expression"],
  ["replaceAll", "a regular expression"],
]);

const searches: Rule = (node, guard) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const { name, expression } = node.expression;
  const instead = SEARCHES.get(name.text);
  const [sought] = node.arguments;
  if (instead === undefined || !sought || !ts.isStringLiteralLike(sought)) return;
  const { flags } = guard.checker.getTypeAtLocation(expression);
  if (sought.text.length < 2 || (flags & ts.TypeFlags.StringLike) === 0) return;
  guard.refuse(
    sought,
    `${name.text}: the interpreter also finds a mere beginning of this at the text's end: use ${instead}`,
  );
};

/** All rules on identifiers and literals. */
export const textRules: Rule[] = [identifiers, escapes, numbers, patterns, replacements, searches];
