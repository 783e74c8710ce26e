/**
 * Writes a script anew with calls of the hidden helpers (see runtime.ts).
 * @module
 */
import type { AnyNode } from "acorn";
import MagicString from "magic-string";
import { type Plain, plainCode } from "../../tokens/plain.ts";
import { refusal } from "./dialect.ts";
import {
  children,
  EXPRESSIONS,
  FUNCTIONS,
  isName,
  isPlainText,
  type Node,
  STATEMENTS,
} from "./syntax-tree.ts";

/** The letter that hidden names begin with; no identifier of the interpreter's has it. */
export const hidden = "\u0275";

/** A script that the interpreter would refuse. */
export class Refusal extends Error {
  override name = "Refusal";
}

/** How a script is prepared. */
export interface PrepareOptions {
  /** Whether strings are unicode text; otherwise `\uXXXX` is cut to a byte. */
  unicode: boolean;
  /** A line of the console: its `let` and `const` stay open for a second definition. */
  isLine?: boolean;
}

/** Texts of functions as they were written, by the number that stands in the prepared one. */
const originals: string[] = [];

/** A function's text as it was written. */
export function originalText(text: string): string {
  const number = new RegExp(`/\\*${hidden}(\\d+)\\*/`).exec(text)?.[1];
  return number === undefined ? text : (originals[Number(number)] ?? text);
}

// What calls cost of the interpreter's stack, in bytes (measured there with a limit of 25,000).
const callBytes = 500;
const expressionBytes = 140;
const statementBytes = 125;
const callbackBytes = 1280;
const callbackMethods =
  /^(forEach|map|filter|some|every|reduce|find|findIndex|sort|replace|then|apply|call)$/;

interface FunctionFrame {
  node: Node | undefined;
  /** Stack of the costliest call in it, in bytes. */
  cost: number;
  statements: number;
  expressions: number;
}

/** Rewrites one script; places in it count its bytes, of which each can be a token. */
export class Rewriter {
  private readonly plain: Plain;
  /** The script without tokens. */
  private readonly source: string;
  private readonly text: MagicString;
  private readonly frames: FunctionFrame[] = [];
  /** Of functions, inner ones first: the place behind the opening brace and the closing one's. */
  private readonly bodies: [start: number, end: number][] = [];
  private segments: number[][][] | undefined;

  constructor(
    readonly code: string,
    private readonly options: PrepareOptions,
  ) {
    this.plain = plainCode(code);
    this.source = this.plain.text;
    this.text = new MagicString(this.source);
  }

  rewrite(parse: (source: string) => Node): string {
    const program = parse(this.source);
    this.frames.push({ node: undefined, cost: 0, statements: 0, expressions: 0 });
    this.visit(program, undefined);
    if (this.options.isLine) this.answer(program);
    return this.text.toString();
  }

  /** Where in the script a place of the rewritten text comes from; line and column from 1. */
  originalPlace(line: number, column: number): number {
    this.segments ??= this.text.generateDecodedMap({ hires: "boundary" }).mappings;
    const found = this.segments[line - 1]?.filter(([at = 0]) => at < column).at(-1);
    const [, , row = 0, from = 0] = found ?? [];
    let start = 0;
    for (let i = 0; i < row; i++) start = this.source.indexOf("\n", start) + 1;
    return this.plain.inCode(start + from);
  }

  /** The innermost function's body around a place; undefined at the top level. */
  bodyAround(place: number): [start: number, end: number] | undefined {
    return this.bodies.find(([start, end]) => place >= start && place <= end);
  }

  /** A line that ends in a declaration answers with the declared value. */
  private answer(program: Node): void {
    if (program.type !== "Program") return;
    const last = program.body.at(-1);
    for (const statement of program.body)
      if (statement.type === "VariableDeclaration" && statement.kind !== "var")
        this.text.update(statement.start, statement.start + statement.kind.length, "var");
    if (last?.type === "VariableDeclaration") {
      const name = last.declarations.at(-1)?.id;
      if (name?.type === "Identifier") this.text.append(`;${name.name}`);
    }
    if (last?.type === "FunctionDeclaration") this.text.append(`;${last.id?.name}`);
  }

  private get frame(): FunctionFrame {
    return this.frames.at(-1) as FunctionFrame;
  }

  private visit(node: Node, parent: Node | undefined): void {
    const reason = refusal(node, parent, this.source);
    if (reason !== undefined) {
      const line = this.source.slice(0, node.start).split("\n").length;
      throw new Refusal(`${reason} (line ${line})`);
    }
    const isFunction = FUNCTIONS.has(node.type);
    const isBody = parent !== undefined && FUNCTIONS.has(parent.type);
    const isStatement = !isBody && STATEMENTS.has(node.type);
    const isExpression = EXPRESSIONS.has(node.type);
    if (isFunction) this.frames.push({ node, cost: 0, statements: 0, expressions: 0 });
    if (isStatement) this.frame.statements++;
    if (isExpression) this.frame.expressions++;
    for (const child of children(node)) this.visit(child, node);
    if (isStatement) this.frame.statements--;
    if (isExpression) this.frame.expressions--;
    this.change(node, parent);
    if (isFunction) this.leaveFunction(node);
  }

  private change(node: Node, parent: Node | undefined): void {
    const { text } = this;
    switch (node.type) {
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
        this.tick(node.body as Node);
        break;
      case "CatchClause":
        this.catchClause(node);
        break;
      case "TryStatement":
        if (node.finalizer && node.finalizer.body.length > 0) {
          text.prependRight(node.finalizer.start + 1, `if(!${hidden}s[1]){`);
          text.appendLeft(node.finalizer.end - 1, "}");
        }
        break;
      case "FunctionDeclaration":
        this.declaration(node);
        break;
      case "CallExpression":
        this.call(node);
        break;
      case "NewExpression":
        this.spend(callBytes + callbackBytes - 200);
        break;
      case "Identifier":
        if (node.name === "eval" && parent && !isName(node, parent))
          text.update(node.start, node.end, `${hidden}e`);
        break;
      case "BinaryExpression":
        if (node.operator === "+") this.wrap(node, node.left as Node, node.right as Node);
        break;
      case "AssignmentExpression":
        this.assignment(node);
        break;
      case "Literal":
        this.literal(node, parent);
        break;
    }
  }

  private spend(bytes: number): void {
    const { frame } = this;
    const cost =
      bytes +
      Math.min(frame.statements, 4) * statementBytes +
      Math.min(frame.expressions, 3) * expressionBytes;
    frame.cost = Math.max(frame.cost, cost);
  }

  private call(node: AnyNode & { type: "CallExpression" }): void {
    const { callee } = node;
    const isCallback =
      callee.type === "MemberExpression" &&
      callee.property.type === "Identifier" &&
      callbackMethods.test(callee.property.name) &&
      node.arguments.some((argument) => /Function/.test(argument.type));
    this.spend(isCallback ? callBytes + callbackBytes : callBytes);
    if (callee.type === "Identifier" && callee.name === "eval" && node.arguments.length > 0) {
      const last = node.arguments.at(-1) as Node;
      this.text.prependRight((node.arguments[0] as Node).start, `${hidden}v(`);
      this.text.appendLeft(last.end, ")");
    }
  }

  /** There is no hoisting: a function exists once its declaration was executed. */
  private declaration(node: AnyNode & { type: "FunctionDeclaration" }): void {
    if (!node.id) return;
    this.text.prependRight(node.start, `var ${node.id.name}=`);
    this.text.remove(node.id.start, node.id.end);
    this.text.appendLeft(node.end, ";");
  }

  /** Counts the turns of a loop. */
  private tick(body: Node): void {
    const check = `if(++${hidden}s[2]>9999)${hidden}t();`;
    if (body.type === "BlockStatement") this.text.prependRight(body.start + 1, check);
    else {
      this.text.prependRight(body.start, `{${check}`);
      this.text.appendLeft(body.end, "}");
    }
  }

  private catchClause(node: AnyNode & { type: "CatchClause" }): void {
    const start = node.body.start;
    if (node.param?.type === "Identifier")
      this.text.prependRight(start + 1, `${node.param.name}=${hidden}c(${node.param.name});`);
    else {
      this.text.prependRight(start, `(${hidden}x)`);
      this.text.prependRight(start + 1, `${hidden}c(${hidden}x);`);
    }
  }

  private wrap(node: Node, left: Node, right: Node): void {
    if (isPlainText(left) && isPlainText(right)) return;
    this.text.prependRight(node.start, `${this.gap(node)}${hidden}a(`);
    this.text.update(left.end, right.start, this.between(left.end, right.start, "+", ","));
    this.text.appendLeft(node.end, ")");
  }

  /** A blank where a word such as `return` stands directly before. */
  private gap(node: Node): string {
    return /\w/.test(this.source.charAt(node.start - 1)) ? " " : "";
  }

  /** The text between two operands with its operator replaced; brackets and comments stay. */
  private between(from: number, to: number, operator: string, by: string): string {
    const text = this.source.slice(from, to).replace(/\/\*[\s\S]*?\*\//g, "");
    return text.replace(operator, () => by);
  }

  private assignment(node: AnyNode & { type: "AssignmentExpression" }): void {
    const { left, right, operator } = node;
    const isLength =
      left.type === "MemberExpression" &&
      !left.computed &&
      left.property.type === "Identifier" &&
      left.property.name === "length";
    if (operator === "=" && isLength) {
      const object = left.object as Node;
      this.text.prependRight(node.start, `${this.gap(node)}${hidden}l(`);
      this.text.update(object.end, right.start, this.between(left.end, right.start, "=", ","));
      this.text.appendLeft(node.end, ")");
      return;
    }
    if (operator !== "+=") return;
    const target =
      left.type === "Identifier" ||
      (left.type === "MemberExpression" &&
        !left.computed &&
        (left.object.type === "Identifier" || left.object.type === "ThisExpression"));
    if (!target) return;
    const name = this.source.slice(left.start, left.end);
    const call = `=${hidden}a(${name},`;
    this.text.update(left.end, right.start, this.between(left.end, right.start, operator, call));
    this.text.appendLeft(node.end, ")");
  }

  private literal(node: AnyNode & { type: "Literal" }, parent: Node | undefined): void {
    if ("regex" in node && node.regex) {
      const { pattern, flags } = node.regex;
      const made = `${hidden}r(${JSON.stringify(pattern)},${JSON.stringify(flags)})`;
      this.text.update(node.start, node.end, `${this.gap(node)}${made}`);
      return;
    }
    if (typeof node.value !== "string") return;
    const raw = this.source.slice(node.start, node.end);
    if (node.value === "use strict" && parent?.type === "ExpressionStatement")
      this.text.update(node.start, node.end, '"not strict"');
    else if (!this.options.unicode && raw.includes("\\u")) {
      const bytes = [...Array(node.value.length).keys()].map(
        (i) => (node.value as string).charCodeAt(i) & 255,
      );
      const hex = bytes.map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
      this.text.update(node.start, node.end, `"${hex}"`);
    }
  }

  /** Counts the depth of calls, and keeps the function's own text. */
  private leaveFunction(node: Node): void {
    const { cost } = this.frames.pop() as FunctionFrame;
    if (!("body" in node) || !node.body || Array.isArray(node.body)) return;
    const body = node.body as Node;
    if (body.type !== "BlockStatement") return;
    const { plain } = this;
    this.bodies.push([plain.inCode(body.start + 1), plain.inCode(body.end - 1)]);
    const written = this.code.slice(plain.inCode(node.start), plain.inCode(node.end));
    const number = originals.push(written) - 1;
    if (body.body.length === 0) {
      this.text.prependRight(body.start + 1, `/*${hidden}${number}*/`);
      return;
    }
    const bytes = Math.max(cost, callBytes);
    // A line of the console lives in RAM, whatever happens to the code in Storage.
    const limit = this.options.isLine ? 4 : 3;
    this.text.prependRight(
      body.start + 1,
      `/*${hidden}${number}*/const ${hidden}p=${hidden}s[0];if((${hidden}s[0]=${hidden}p+${bytes})>${hidden}s[${limit}])${hidden}o();try{`,
    );
    this.text.appendLeft(body.end - 1, `}finally{${hidden}s[0]=${hidden}p}`);
  }
}
