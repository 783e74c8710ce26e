/**
 * Subclasses of built-in errors. TypeScript's ES5 emit gives a plain Error for `new Own()`, so the
 * class's own prototype is put back, and text of such an error is made the usual way.
 * @module
 */
import type { AnyNode, CallExpression, FunctionExpression } from "acorn";
import { parse } from "acorn";
import MagicString, { type SourceMap } from "magic-string";
import { walk } from "./scope.ts";

const BUILT_IN = ["Error", "TypeError", "SyntaxError"];

/** Rewrites one emitted module; undefined when it has no such class. */
export function lowerErrors(code: string): { code: string; map: SourceMap } | undefined {
  if (!/\}\((Error|TypeError|SyntaxError)\)\)/.test(code)) return undefined;
  const program = parse(code, { ecmaVersion: 2022, sourceType: "module" });
  const text = new MagicString(code);
  walk(program, (node) => {
    const body = errorClass(node);
    if (body) lower(body, text);
  });
  text.prepend('import { __error, __extendError } from "tslib";\n');
  return { code: text.toString(), map: text.generateMap({ hires: "boundary" }) };
}

/** The function around a class whose base is a built-in error. */
function errorClass(node: AnyNode): FunctionExpression | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "FunctionExpression") return undefined;
  const [base] = node.arguments;
  const [parameter] = node.callee.params;
  if (base?.type !== "Identifier" || !BUILT_IN.includes(base.name)) return undefined;
  return parameter?.type === "Identifier" && parameter.name === "_super" ? node.callee : undefined;
}

function lower(body: FunctionExpression, text: MagicString): void {
  walk(body, (node) => {
    if (node.type !== "CallExpression") return;
    const { callee } = node;
    if (callee.type === "Identifier" && callee.name === "__extends") {
      text.overwrite(callee.start, callee.end, "__extendError");
    }
    if (
      callee.type === "MemberExpression" &&
      callee.object.type === "Identifier" &&
      callee.object.name === "_super" &&
      callee.property.type === "Identifier"
    ) {
      lowerSuper(node, callee.property.name, text);
    }
  });
}

/** `_super.call(this, text)` and `_super.apply(this, list)`. */
function lowerSuper(node: CallExpression, method: string, text: MagicString): void {
  const [self, next] = node.arguments;
  if (!self) return;
  text.overwrite(node.start, self.start, "__error(");
  if (method === "apply")
    text.overwrite(self.end, next?.start ?? self.end, ", _super.apply(null, ");
  else if (next) text.overwrite(self.end, next.start, ", _super(");
  else text.appendLeft(self.end, ", _super(");
  text.appendLeft(node.end, ")");
}
