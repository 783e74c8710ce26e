/**
 * A compiled module in its source's place: it imports what was compiled of other modules, and
 * `import.meta` tells the source's file.
 * @module
 */
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type AnyNode, parse } from "acorn";
import { children, type Node } from "../../host/board/interpreter/syntax-tree.ts";
import { compiledName } from "./import-source.ts";

export interface Place {
  /** The source, absolute. */
  source: string;
  /** Sources that others take the place of, absolute. */
  instead: Record<string, string>;
  /** `import-source.ts` compiled, as its address. */
  importer: string;
  /** What stands for `#name`, as addresses of compiled modules. */
  aliases: Record<string, string>;
}

/** Imports what is found at run time. */
const BY_PATH = "importSource";

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The compiled module that a specifier means; packages are as they were. */
function meant(specifier: string, { source, instead, aliases, importer }: Place): string {
  // In a thread there is nothing to compile.
  if (specifier === "tsx/esm/api") return importer;
  if (!/^\.\.?\//.test(specifier)) return aliases[specifier] ?? specifier;
  const folder = dirname(source);
  const other = instead[resolve(folder, specifier)];
  // What takes a module's place has it.
  const isOwn = other === undefined || dirname(other) === folder;
  return compiledName(isOwn ? specifier : `./${relative(folder, other)}`);
}

const isMeta = (node: AnyNode | undefined) =>
  node?.type === "MemberExpression" && node.object.type === "MetaProperty";

/** `new Worker(new URL("…", import.meta.url))`: the thread begins with what is compiled. */
function threadOf(node: Node): Node | undefined {
  if (node.type !== "NewExpression" || node.callee.type !== "Identifier") return undefined;
  const [url] = node.arguments;
  if (node.callee.name !== "Worker" || url?.type !== "NewExpression") return undefined;
  return isMeta(url.arguments[1]) ? (url as Node) : undefined;
}

function edits(node: Node, place: Place, found: Edit[]): void {
  const put = ({ start, end }: AnyNode, text: string) => found.push({ start, end, text });
  const rename = (literal: AnyNode) => {
    if (literal.type === "Literal" && typeof literal.value === "string") {
      put(literal, JSON.stringify(meant(literal.value, place)));
    }
  };
  const thread = threadOf(node);
  if (thread?.type === "NewExpression") {
    rename(thread.arguments[0] as AnyNode);
    for (const other of children(node)) if (other !== thread) edits(other, place, found);
    return;
  }
  if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration") {
    rename(node.source);
  } else if (node.type === "ExportNamedDeclaration" && node.source) {
    rename(node.source);
  } else if (node.type === "ImportExpression") {
    if (node.source.type === "Literal") {
      rename(node.source);
    } else {
      const from = JSON.stringify(pathToFileURL(place.source).href);
      put({ ...node, end: node.start + "import".length }, BY_PATH);
      put({ ...node, start: node.source.end, end: node.source.end }, `, ${from}`);
    }
  } else if (node.type === "MemberExpression" && isMeta(node)) {
    const { source } = place;
    const told: Record<string, string> = {
      url: pathToFileURL(source).href,
      filename: source,
      dirname: dirname(source),
    };
    const text = node.property.type === "Identifier" && told[node.property.name];
    if (text) put(node, JSON.stringify(text));
  }
  for (const child of children(node)) edits(child, place, found);
}

/** The module's text with lines as they were. */
export function settle(code: string, place: Place): string {
  const found: Edit[] = [];
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const isDeep = /\bimport\(|\bimport\.meta\b/.test(code);
  // Imports and exports of others are statements of the module's own.
  for (const node of tree.body) {
    const isStatement = /^(Import|Export)/.test(node.type);
    if (isDeep || isStatement) edits(node as Node, place, found);
  }
  let text = code;
  for (const { start, end, text: put } of found.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + put + text.slice(end);
  }
  const isByPath = found.some((edit) => edit.text === BY_PATH);
  return isByPath ? `import { ${BY_PATH} } from ${JSON.stringify(place.importer)}; ${text}` : text;
}
