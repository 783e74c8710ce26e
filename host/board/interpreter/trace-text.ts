/**
 * Stack traces as the interpreter writes them: places count from the start of the Storage file, or of
 * the function when that is in RAM, and the code stands below, where the interpreter can read it.
 * @module
 */
import { printed } from "../../tokens/printed.ts";
import type { Core } from "./core.ts";
import type { TraceWriter } from "./errors.ts";
import { rewriterOf } from "./source.ts";

const stackLine = /^\s*at (?:(?:async )?(?:new )?(.+?) \()?.*?espruino:#(\d+):(\d+):(\d+)\)?$/;
/** A longer line is cut around the token, of which so much is shown before; in bytes. */
const shownLine = 60;
const shownBefore = 30;

/** Line and column, from 1, of a place in a text. */
function placeIn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

/**
 * The code of a function, or of a script, with a mark below one of its characters. Tokens are counted
 * as one character and printed as words, so that the mark is too far to the left.
 */
function shownCode(code: string, at: number): string {
  const start = code.lastIndexOf("\n", at - 1) + 1;
  const end = code.indexOf("\n", at);
  const line = code.slice(start, end < 0 ? code.length : end);
  const column = at - start;
  const isCut = line.length > shownLine && column > shownBefore;
  const first = isCut ? column - shownBefore : 0;
  const isLonger = line.length >= first + shownLine;
  const shown = `${printed(line, first, first + shownLine)}${isLonger ? "..." : ""}`;
  const mark = " ".repeat(isCut ? shownBefore + 3 : column);
  return `${isCut ? "..." : ""}${shown}\n${mark}^\n`;
}

/** Writes the traces of one run of the interpreter; only the lines of the board's scripts. */
export function traceWriter(core: Core): TraceWriter {
  const { mapped } = core.board.machine.flash.storage;
  /** What stands in the files before scripts that were read from them. */
  const heads = new Map<string, string>();

  const headOf = (source: string) => {
    const view = core.views.get(source);
    if (!view) return undefined;
    const key = `${view.file}:${view.offset}`;
    const bytes = heads.get(key) ?? latin1(core.store.read(view.file, 0, view.offset));
    heads.set(key, bytes);
    // Code that has moved away can't be shown.
    const isThere = mapped && core.store.find(view.file)?.addr === view.address;
    return { file: view.file, head: view.offset ? bytes : "", isThere };
  };

  const frame = (called: string | undefined, script: number, line: number, column: number) => {
    const rewriter = rewriterOf(script);
    if (!rewriter) return "";
    const { code: source } = rewriter;
    const at = rewriter.originalPlace(line, column);
    const [start, end] = rewriter.bodyAround(at) ?? [0, source.length];
    const stored = headOf(source);
    const text = stored ? stored.head + source : source.slice(start, end);
    const place = placeIn(text, stored ? stored.head.length + at : at - start);
    const code = stored && !stored.isThere ? `\n${" ".repeat(at - start)}^\n` : undefined;
    const name = called?.replace(/^.*\./, "").replace(/ .*/, "");
    const position = `${stored?.file ?? ""}:${place.line}:${place.column}`;
    const shown = name === undefined || /^<|^eval$/.test(name) ? position : `${name} (${position})`;
    return `    at ${shown}\n${code ?? shownCode(source.slice(start, end), at - start)}`;
  };

  return (stack) => {
    let text = "";
    for (const line of stack.split("\n")) {
      const match = stackLine.exec(line);
      if (match) text += frame(match[1], Number(match[2]), Number(match[3]), Number(match[4]));
    }
    return text;
  };
}

function latin1(bytes: Uint8Array | undefined): string {
  return bytes ? Buffer.from(bytes).toString("latin1") : "";
}
