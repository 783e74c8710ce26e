/**
 * Replays a transcript into the AT channel, cut in every way that matters: what the channel makes of
 * it must not depend on the cuts.
 * @module
 */
import type { Item } from "./format.ts";
import { Player, type Step } from "./play.ts";

/** How the channel took a transcript. */
export interface Replay {
  /** Ways of cutting that were tried. */
  cuts: number;
  /** Those that made a difference, each with the first one. */
  differences: string[];
}

/** Sizes of pieces; a board's serial port gives up to 64 bytes at once. */
const PIECES = [1, 2, 3, 5, 7, 13, 16, 32, 48, 64];
const PROMPTED = /(^|[\r\n])(> ?(\r\n)?|CONNECT\r?\n)$/;
const ANNOUNCES = /^AT\+(QIRD|QSSLRECV|QFREAD)=/i;

/** What the driver does and the modem sends; adjoining bytes of the modem are one step. */
export function stepsOf(items: Item[]): Step[] {
  const steps: Step[] = [];
  let typed = "";
  let heard = "";
  for (const [index, item] of items.entries()) {
    if (item.from === "clock") continue;
    if (item.from === "modem") {
      heard += item.bytes;
      const last = steps.at(-1);
      if (last && "bytes" in last) last.bytes += item.bytes;
      else steps.push({ bytes: item.bytes });
      continue;
    }
    // A payload follows its command's step.
    if (!typed && PROMPTED.test(heard)) continue;
    typed += item.bytes;
    if (!/[\r\n]$/.test(typed)) continue;
    const text = typed.replace(/[\r\n]+$/, "");
    typed = "";
    heard = "";
    if (text) steps.push(commandStep(text, payloadAfter(items, index)));
  }
  return steps;
}

/** What the host sends at the prompt that answers the command at an index. */
function payloadAfter(items: Item[], index: number): string | undefined {
  let heard = "";
  for (let at = index + 1; at < items.length; at++) {
    const item = items[at] as Item;
    if (item.from === "modem") heard += item.bytes;
    else if (item.from === "host") return PROMPTED.test(heard) ? item.bytes : undefined;
  }
  return undefined;
}

function commandStep(text: string, payload: string | undefined): Step {
  const name = /^AT(\+\w+)/i.exec(text)?.[1] ?? "\n";
  const raw = ANNOUNCES.test(text) && !/,0$/.test(text);
  const prefix = /QFREAD/i.test(name) ? "CONNECT" : `${name.toUpperCase()}:`;
  return { command: text, prefix, raw, ...(payload === undefined ? {} : { payload }) };
}

/** The notes of steps whose bytes are cut by a function. */
export function play(steps: Step[], cut: (bytes: string, index: number) => string[]): string[] {
  const player = new Player();
  for (const [index, step] of steps.entries()) {
    if (!("bytes" in step)) player.play(step);
    else for (const bytes of cut(step.bytes, index)) player.play({ bytes });
  }
  return player.end();
}

/** Bytes in pieces of a size. */
export function inPieces(bytes: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}

/** Where two lists of notes differ. */
export function firstDifference(one: string[], other: string[]): string {
  const at = one.findIndex((note, index) => note !== other[index]);
  const index = at < 0 ? one.length : at;
  return `event ${index + 1}: ${JSON.stringify(one[index])} or ${JSON.stringify(other[index])}`;
}

/** Plays a transcript whole, cut at each position, and in pieces of several sizes. */
export function replay(items: Item[]): Replay {
  const steps = stepsOf(items);
  const whole = play(steps, (bytes) => [bytes]);
  const result: Replay = { cuts: 0, differences: [] };
  const compare = (name: string, cut: (bytes: string, index: number) => string[]): void => {
    const notes = play(steps, cut);
    result.cuts++;
    if (notes.length !== whole.length || notes.some((note, index) => note !== whole[index])) {
      result.differences.push(`${name}: ${firstDifference(whole, notes)}`);
    }
  };
  for (const [index, step] of steps.entries()) {
    if (!("bytes" in step)) continue;
    for (let at = 1; at < step.bytes.length; at++) {
      compare(`step ${index + 1} cut at byte ${at}`, (bytes, where) =>
        where === index ? [bytes.slice(0, at), bytes.slice(at)] : [bytes],
      );
    }
  }
  for (const size of PIECES) compare(`pieces of ${size}`, (bytes) => inPieces(bytes, size));
  return result;
}
