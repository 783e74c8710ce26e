/**
 * Finds the places of a trace's frames in a script. The columns count from the last line break in the
 * Storage file before the script, which lies somewhere in the image's header; the code that a trace
 * shows tells where, and whether the script is the one that ran.
 * @module
 */
import { printed } from "../tokens/printed.ts";
import { tokenOf } from "../tokens/table.ts";
import { type Frame, MADE_NAME } from "./frames.ts";
import type { BuiltScript } from "./script.ts";

/** Files whose script stands behind an image's header, and those that hold nothing else. */
const IMAGES = /^(factory|slot\.a|slot\.b)$/;

/** Columns before the script in an unsigned image: the header has one line break, at byte 7. */
const UNSIGNED = 1016;
/** A signature is the header's end; each of its bytes may be a line break. */
const SIGNATURE_BYTES = 256;
/** Bytes that a trace shows at most. */
const SHOWN_MOST = 60;
/** Bytes before the token where the line is cut; up to 2v29 three less. */
const SHOWN_BEFORE = [30, 27];
const RETURN = new RegExp(`^(return ?|${tokenOf("return")})`);
/** Shorter pieces of code stand anywhere. */
const TELLING = 8;

/** Offsets in the script by frame; undefined for frames of other code. */
export interface Placed {
  offsets: (number | undefined)[];
  /** How many frames show code that stands there. */
  confirmed: number;
}

/** The log has its code without quotes and with white space squeezed. */
function squeeze(code: string): string {
  return code.replace(/[\s^"\\]+/g, "");
}

function core(code: string): { text: string; cutBefore: boolean } {
  const cutBefore = code.startsWith("...");
  return { text: code.replace(/^\.\.\./, "").replace(/\.\.\.$/, ""), cutBefore };
}

/** Where code begins that has no `return` for its first word, as a function that does nothing else. */
function behindReturn(script: BuiltScript, start: number): number {
  const word = RETURN.exec(script.text.slice(start, start + 7))?.[0] ?? "";
  return start + word.length;
}

/** Whether a text stands at an offset; if not exact, but for quotes and white space. */
function standsAt(script: BuiltScript, text: string, isExact: boolean, from: number): boolean {
  const there = printed(script.text, Math.max(from, 0), from + 2 * text.length + 8);
  if (isExact) return there.trimStart().startsWith(text.trimStart());
  return squeeze(there).startsWith(squeeze(text));
}

/** Whether a frame shows the code around its token's offset; undefined when it shows none. */
function shows(script: BuiltScript, frame: Frame, offset: number): boolean | undefined {
  const { text, cutBefore } = core(frame.code);
  if (text === "") return undefined;
  const { start, end } = script.functionAt(offset) ?? { start: 0, end: script.text.length };
  const begins = cutBefore
    ? SHOWN_BEFORE.map((shown) => offset - shown)
    : [start, behindReturn(script, start)];
  return begins.some((from) => {
    const before = offset - from + (cutBefore ? 3 : 0);
    // Up to 2v29 it counts the letters of all words; now a token counts as the one byte that it is.
    const grown = text.length - Math.min(SHOWN_MOST, end - from);
    const isMarked = frame.mark === undefined || [before, before + grown].includes(frame.mark);
    return isMarked && standsAt(script, text, frame.exact, from);
  });
}

/**
 * Whether the function around an offset may have the frame's name. A trace names a function as it was
 * called, which says something only of those at the top level.
 */
function isNamed(script: BuiltScript, frame: Frame, offset: number): boolean {
  if (!frame.name?.startsWith("$")) return true;
  const known = script.functions.some(({ name }) => name === frame.name);
  return !known || script.functionAt(offset)?.name === frame.name;
}

/** Frames of one file with so many columns before the script; undefined when they don't fit. */
function placeShifted(script: BuiltScript, frames: Frame[], shift: number): Placed | undefined {
  const offsets: number[] = [];
  let confirmed = 0;
  for (const frame of frames) {
    const offset = frame.column - 1 - shift;
    if (offset < 0 || offset >= script.text.length) return undefined;
    const shown = shows(script, frame, offset);
    if (shown === false || !isNamed(script, frame, offset)) return undefined;
    if (shown && frame.code.length >= TELLING) confirmed++;
    offsets.push(offset);
  }
  return { offsets, confirmed };
}

/** Places of a frame's token in a function in RAM, whose columns count from its own start. */
function placesInside(script: BuiltScript, frame: Frame, start: number): number[] {
  const begins = new Set([behindReturn(script, start), start]);
  return [...begins].map((from) => from + frame.column - 1);
}

/** By the code that is shown, or by a name that only one function has. */
function placeInRam(script: BuiltScript, frame: Frame): Placed["offsets"][0] {
  if (frame.line !== 1) return undefined;
  const named = script.functions.filter(({ name }) => name === frame.name);
  const isOurs = frame.name !== undefined && MADE_NAME.test(frame.name) && named.length > 0;
  if (!isOurs && core(frame.code).text.length < TELLING) return undefined;
  const among = isOurs ? named : script.functions;
  const places = among.flatMap(({ start }) => placesInside(script, frame, start));
  const shown = places.filter((offset) => shows(script, frame, offset));
  const homes = new Set(shown.map((offset) => script.functionAt(offset)));
  if (shown.length > 0) return homes.size === 1 ? shown[0] : undefined;
  return isOurs && named.length === 1 && frame.code === "" ? places[0] : undefined;
}

/**
 * The places of all frames of a trace in one script.
 * @param isFile whether a Storage file holds this script
 * @returns undefined when the trace is of another script
 */
export function placeFrames(
  script: BuiltScript,
  frames: Frame[],
  isFile: (file: string) => boolean,
): Placed | undefined {
  const placed: Placed = { offsets: frames.map(() => undefined), confirmed: 0 };
  for (const file of new Set(frames.map((frame) => frame.file))) {
    if (!isFile(file)) continue;
    const own = frames.filter((frame) => frame.file === file);
    const found = placeFile(script, own, file);
    if (!found) return undefined;
    placed.confirmed += found.confirmed;
    for (const [i, frame] of own.entries()) {
      placed.offsets[frames.indexOf(frame)] = found.offsets[i];
    }
  }
  for (const [i, frame] of frames.entries()) {
    if (frame.file !== "") continue;
    placed.offsets[i] = placeInRam(script, frame);
    if (placed.offsets[i] !== undefined && frame.code.length >= TELLING) placed.confirmed++;
  }
  return placed;
}

function placeFile(script: BuiltScript, frames: Frame[], file: string): Placed | undefined {
  if (!IMAGES.test(file)) return placeShifted(script, frames, 0);
  const line = frames[0]?.line ?? 0;
  if (frames.some((frame) => frame.line !== line)) return undefined;
  if (line <= 2) return placeShifted(script, frames, UNSIGNED);
  const tries = Array.from({ length: SIGNATURE_BYTES }, (_, shift) =>
    placeShifted(script, frames, shift),
  );
  const [best, next] = tries
    .filter((one) => one !== undefined)
    .sort((a, b) => b.confirmed - a.confirmed);
  return best && best.confirmed > (next?.confirmed ?? 0) ? best : undefined;
}
