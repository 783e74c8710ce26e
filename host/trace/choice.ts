/**
 * Which build a trace is of.
 * @module
 */
import type { KnownBuild } from "./archive.ts";
import { type Frame, MADE_NAME } from "./frames.ts";
import { type Placed, placeFrames } from "./place.ts";
import type { BuiltScript, SourcePlace } from "./script.ts";

const LOADER = ".boot0";
const FIRMWARE = /^(factory|slot\.a|slot\.b|firmware)$/;

/** A frame with its place in the sources, where it has one. */
export interface Located {
  frame: Frame;
  place: SourcePlace | undefined;
  /** The function's name as in the sources. */
  name: string | undefined;
}

/** A trace that was read with a build's map. */
export interface Reading {
  build: KnownBuild;
  frames: Located[];
  /** Writes the short names that an error's message quotes as the sources have them. */
  words(message: string): string;
}

/** Whether a trace has to do with the firmware at all. */
export function concernsFirmware(frames: Frame[]): boolean {
  return frames.some(({ file }) => file === LOADER || FIRMWARE.test(file));
}

/** Offers builds in the order in which they are likely; each is read once. */
export class BuildChoice {
  private readonly read: KnownBuild[] = [];

  /**
   * @param source gives the builds
   * @param running id of the build that runs; the first is believed to be it when that is not known
   */
  constructor(
    private readonly source: Iterator<KnownBuild>,
    private readonly running?: string,
  ) {}

  /** The build whose code stands where the trace says; without shown code, the one that runs. */
  choose(frames: Frame[]): Reading | undefined {
    let believed: { build: KnownBuild; placed: Placed } | undefined;
    for (let i = 0; ; i++) {
      const build = this.build(i);
      if (!build) break;
      const placed = placeFrames(build.firmware, frames, (file) => FIRMWARE.test(file));
      if (placed && placed.confirmed > 0) return locate(build, frames, placed);
      if (i === 0 && placed && build.id === (this.running ?? build.id))
        believed = { build, placed };
    }
    return believed && locate(believed.build, frames, believed.placed);
  }

  private build(index: number): KnownBuild | undefined {
    while (this.read.length <= index) {
      const next = this.source.next();
      if (next.done) return undefined;
      this.read.push(next.value);
    }
    return this.read[index];
  }
}

function locate(build: KnownBuild, frames: Frame[], placed: Placed): Reading {
  const { firmware, loader } = build;
  const inLoader = loader && placeFrames(loader, frames, (file) => file === LOADER);
  return {
    build,
    frames: frames.map((frame, i) => {
      const offset = placed.offsets[i];
      if (offset !== undefined) return located(firmware, frame, offset);
      const early = inLoader?.offsets[i];
      if (loader && early !== undefined) return located(loader, frame, early);
      return { frame, place: undefined, name: frame.name };
    }),
    words: (message) =>
      message.replace(/(["'])([A-Z][0-9A-Za-z]?|\$[\w$]+)\1/g, (all, quote, name) => {
        const word = firmware.word(name);
        return word === undefined ? all : `${quote}${word}${quote}`;
      }),
  };
}

/** Names of the minifier's: they mean something else in each function. */
const LOCAL = /^[a-z][A-Za-z]?$/;

function located(script: BuiltScript, frame: Frame, offset: number): Located {
  const own = script.functionAt(offset)?.name;
  const name = frame.name !== undefined && LOCAL.test(frame.name) ? own : frame.name;
  const place = script.locate(offset);
  if (name === undefined || LOCAL.test(name)) return { frame, place, name: undefined };
  return { frame, place, name: MADE_NAME.test(name) ? (script.word(name) ?? name) : name };
}
