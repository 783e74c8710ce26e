/**
 * What the interpreter's stack traces look like: on the console, a line for the place, one for the
 * code and one with a mark below it; in the log, all of it in one line.
 * @module
 */

/** A line of a trace. */
export interface Frame {
  /** Of the function, as in the script; undefined outside of functions. */
  name: string | undefined;
  /** Storage file that holds the code; empty for code in RAM. */
  file: string;
  /** Both from 1, counted from the file's start. */
  line: number;
  column: number;
  /** The code shown below, with `...` where it is cut; empty where there is none. */
  code: string;
  /** Whether white space and quotes of `code` are as in the script. */
  exact: boolean;
  /** Column of the mark in `code`, from 0; undefined when there is no mark. */
  mark: number | undefined;
}

/** A name that the build made up, and that means the same all over the script. */
export const MADE_NAME = /^([A-Z][0-9A-Za-z]?|\$[\w$]+)$/;

const FRAME = /^ {4}at (?:(.+) \()?([-\w.$]*):(\d+):(\d+)\)?$/;
/** Up to 2v21, and its further lines. */
const OLD_FRAME = /^ at line (\d+) col (\d+)(?: in (\S+))?$/;
const OLD_CALLER = /^in function (?:"?(.*?)"? )?called from line (\d+) col (\d+)(?: in (\S+))?$/;
const MARK = /^( *)\^$/;
/** In one line, as the log and the loader write them. */
const INLINE =
  /(?<=^|\s)at (?:(\S+) \()?(factory|slot\.a|slot\.b|\.boot0|firmware|):(\d+):(\d+)(\)?)(?=\s|$)/g;

/** The frame that a line of the console begins; undefined for any other line. */
export function frameOf(line: string): Frame | undefined {
  const parts = FRAME.exec(line);
  if (parts) return frame(parts[1], parts[2], parts[3], parts[4]);
  const old = OLD_FRAME.exec(line);
  if (old) return frame(undefined, old[3], old[1], old[2]);
  const caller = OLD_CALLER.exec(line);
  if (caller) return frame(undefined, caller[4], caller[2], caller[3]);
  return undefined;
}

function frame(name?: string, file?: string, line?: string, column?: string): Frame {
  return {
    name,
    file: file ?? "",
    line: Number(line),
    column: Number(column),
    code: "",
    exact: true,
    mark: undefined,
  };
}

/** Column of the mark that a line consists of; undefined for any other line. */
export function markOf(line: string): number | undefined {
  return MARK.exec(line)?.[1]?.length;
}

/** A text with the frames in it, and what stands before the first. */
export interface InlineTrace {
  before: string;
  frames: Frame[];
  /** Whether the last one may have been cut off. */
  cut: boolean;
}

/** Takes a line of the log apart; undefined when it holds no trace. */
export function inlineTrace(line: string): InlineTrace | undefined {
  const found = [...line.matchAll(INLINE)];
  const [first] = found;
  if (!first) return undefined;
  const frames = found.map((match, i) => {
    const [all, name, file, row, column] = match;
    const next = found[i + 1]?.index ?? line.length;
    // The end of the line may have lost the next place.
    const shown = line.slice(match.index + all.length, next).replace(/ at( \S*( \S*)?)?$/, "");
    const code = shown.replace(/\s*\^\s*$/, "");
    return { ...frame(name, file, row, column), code: code.trim(), exact: false };
  });
  const last = found.at(-1) as RegExpExecArray;
  const cut = last.index + last[0].length >= line.length && last[5] === "";
  return { before: line.slice(0, first.index).trimEnd(), frames, cut };
}
