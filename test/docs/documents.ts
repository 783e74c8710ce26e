/**
 * The project's documents, taken apart: Markdown as they use it.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** Not of the project, or made. */
const ELSEWHERE = /^(node_modules|dist|\..*)$/;

export interface Block {
  /** The word behind the fence, e.g. `sh`; may be empty. */
  language: string;
  lines: string[];
}

export interface Document {
  /** Path from the root, with `/`. */
  path: string;
  blocks: Block[];
  /** Inline code outside of blocks, with single blanks. */
  spans: string[];
  /** Levels of the headings, in order. */
  headings: { level: number; text: string }[];
  /** Tables in order, each its rows' cells; the head is the first row. */
  tables: string[][][];
  /** Targets of links and pictures, in order. */
  links: string[];
}

/** Every Markdown file, by path. */
export function documents(): Document[] {
  return markdown("").map(readDocument);
}

function markdown(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ELSEWHERE.test(entry.name) ? [] : markdown(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

export function readDocument(path: string): Document {
  return parse(path, readFileSync(join(root, path), "utf8"));
}

export function parse(path: string, text: string): Document {
  const blocks: Block[] = [];
  const prose = text.replaceAll(
    /^( *)```(\w*)\n(.*?)^\1```$/gms,
    (_all, _indent, language, body) => {
      const lines = String(body)
        .split("\n")
        .map((line) => line.trimEnd());
      blocks.push({ language, lines: lines.slice(0, -1) });
      return "";
    },
  );
  const lines = prose.split("\n");
  const headings = lines.flatMap((line) => {
    const [, marks = "", heading = ""] = /^(#+) (.*)$/.exec(line) ?? [];
    return marks ? [{ level: marks.length, text: heading }] : [];
  });
  const spans = [...prose.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code = ""]) =>
    code.replaceAll(/\s+/g, " "),
  );
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return { path, blocks, spans, headings, tables: tablesOf(lines), links };
}

function tablesOf(lines: string[]): string[][][] {
  const tables: string[][][] = [];
  let inside = false;
  for (const line of lines) {
    const isRow = line.startsWith("|");
    if (isRow && !inside) tables.push([]);
    inside = isRow;
    const isRule = /^\|[\s:|-]+\|$/.test(line) && line.includes("---");
    if (isRow && !isRule) tables.at(-1)?.push(cellsOf(line));
  }
  return tables;
}

/** Cells of a row; a `|` inside of code is none of its borders. */
function cellsOf(row: string): string[] {
  const cells = row.replaceAll(/`[^`]*`/g, (code) => code.replaceAll("|", "\0")).split("|");
  return cells.slice(1, -1).map((cell) => cell.replaceAll("\0", "|").trim());
}
