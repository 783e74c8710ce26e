/**
 * Reads what a board prints and writes it with the TypeScript's places in its traces: text in, text
 * out, in pieces of any size.
 * @module
 */
import { type BuildChoice, concernsFirmware, type Located, type Reading } from "./choice.ts";
import { type Frame, frameOf, inlineTrace, markOf } from "./frames.ts";

/** Equal lines of a trace, as endless recursion has, of which this many are shown. */
const SHOWN_ALIKE = 3;

/** Characters of a line that is kept until its end comes. */
const LONGEST = 1 << 16;

/** A trace that has begun, with its lines as they came. */
interface Open {
  lines: string[];
  /** What stands before the first frame: `Uncaught …` and the like. */
  message: string[];
  frames: Frame[];
  /** What the next line may be. */
  expects: "frame" | "code" | "mark";
}

/** Decodes a stream of text. */
export class TraceDecoder {
  private rest = "";
  private open: Open | undefined;

  constructor(private readonly builds: Pick<BuildChoice, "choose">) {}

  /** What can be said now; a trace, and a line without its end, wait for what follows them. */
  push(text: string): string {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    const out = lines.map((line) => this.line(line)).join("");
    return this.rest.length > LONGEST ? `${out}${this.flush()}\n` : out;
  }

  /** The text has come to a rest: what still waits, decoded as far as it goes. */
  flush(): string {
    const out = this.close();
    const { rest } = this;
    this.rest = "";
    return out + rest;
  }

  private line(raw: string): string {
    const line = raw.replace(/\r$/, "");
    const { open } = this;
    if (open && this.continues(open, line)) {
      open.lines.push(line);
      return "";
    }
    const before = this.close();
    const frame = frameOf(line);
    if (frame || /Uncaught /.test(line)) {
      this.open = {
        lines: [line],
        message: frame ? [] : [line],
        frames: frame ? [frame] : [],
        expects: frame ? "code" : "frame",
      };
      return before;
    }
    return `${before}${this.inline(line)}\n`;
  }

  /** Whether a line belongs to the open trace; takes it in. */
  private continues(open: Open, line: string): boolean {
    const frame = frameOf(line);
    const last = open.frames.at(-1);
    if (frame) {
      open.frames.push(frame);
      open.expects = "code";
      return true;
    }
    const mark = markOf(line);
    if (mark !== undefined && last && open.expects !== "frame") {
      last.mark = mark;
      open.expects = "frame";
      return true;
    }
    if (open.expects === "code" && last && !/^\S*\d+\.\d (error|warn|info|debug) /.test(line)) {
      last.code = line;
      open.expects = "mark";
      return true;
    }
    return false;
  }

  private close(): string {
    const { open } = this;
    this.open = undefined;
    if (!open) return "";
    const reading = this.read(open.frames);
    if (!reading) return `${open.lines.join("\n")}\n${note(open.frames)}`;
    const head = open.message.map((line) => `${reading.words(line)}\n`).join("");
    return head + alike(reading.frames.map(showFrame));
  }

  private read(frames: Frame[]): Reading | undefined {
    if (frames.length === 0) return undefined;
    const reading = this.builds.choose(frames);
    return reading?.frames.some(({ place }) => place) ? reading : undefined;
  }

  private inline(line: string): string {
    const trace = inlineTrace(line);
    if (!trace) return line;
    const { before, frames, cut } = trace;
    // The digits of the last place may be incomplete.
    const reading = this.read(cut ? frames.slice(0, -1) : frames);
    if (!reading) return line;
    const shown = reading.frames.map((one) => `at ${showPlace(one)}`);
    return [reading.words(before), ...shown, ...(cut ? ["…"] : [])].join(" ");
  }
}

function note(frames: Frame[]): string {
  return concernsFirmware(frames) ? "    (no source map of this build is known)\n" : "";
}

function showPlace({ frame, place, name }: Located): string {
  const file = place
    ? `${place.file}:${place.line}:${place.column}`
    : `${frame.file}:${frame.line}:${frame.column}`;
  return name === undefined ? file : `${name} (${file})`;
}

/** As the interpreter writes it: place, code, mark. */
function showFrame(located: Located): string {
  const { frame, place } = located;
  const at = `    at ${showPlace(located)}\n`;
  if (!place) {
    if (frame.mark === undefined || frame.code === "") return at;
    return `${at}${frame.code}\n${" ".repeat(frame.mark)}^\n`;
  }
  const code = place.text.trimStart();
  const indent = place.text.length - code.length;
  const mark = " ".repeat(Math.max(place.column - 1 - indent, 0));
  return `${at}      ${code}\n      ${mark}^\n`;
}

function alike(frames: string[]): string {
  let out = "";
  for (let i = 0; i < frames.length; ) {
    let end = i + 1;
    while (frames[end] === frames[i]) end++;
    const shown = Math.min(end - i, SHOWN_ALIKE);
    out += frames.slice(i, i + shown).join("");
    if (end - i > shown) out += `    … and ${end - i - shown} times more\n`;
    i = end;
  }
  return out;
}
