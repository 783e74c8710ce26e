/**
 * Stack traces of the minified script with the places of the TypeScript.
 *
 * `traceDecoder({ board })` gives a stream: `push(text)` answers with the text decoded, `flush()`
 * with what waits when the board says no more. The build that a trace is of is found by the code that
 * the trace shows, among `dist` and the builds before; a trace that fits none stays as it is and says
 * so.
 * @module
 */
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { BuildResult } from "../build/index.ts";
import { buildId, type KnownBuild, knownBuilds, type Places } from "./archive.ts";
import { BuildChoice } from "./choice.ts";
import { TraceDecoder } from "./decoder.ts";

export {
  buildId,
  builtIn,
  ID_DIGITS,
  type KnownBuild,
  keepBuild,
  keepForGood,
  knownBuilds,
  type Places,
} from "./archive.ts";
export { TraceDecoder } from "./decoder.ts";

export interface DecoderOptions {
  /** Name of the board; all are tried without. */
  board?: string;
  /** Id of the build that runs, where it is known: it is tried first. */
  prefer?: string;
  places?: Places;
}

function* inOrder({ board, prefer, places }: DecoderOptions): Generator<KnownBuild> {
  if (prefer !== undefined) {
    for (const build of knownBuilds(board, places)) {
      if (build.id !== prefer) continue;
      yield build;
      break;
    }
  }
  for (const build of knownBuilds(board, places)) if (build.id !== prefer) yield build;
}

/** Options for a board that runs this build, or another that it was updated to. */
export function tracesOf(build: Pick<BuildResult, "board" | "dir" | "firmware">): DecoderOptions {
  const { board, dir, firmware } = build;
  const prefer = buildId(readFileSync(firmware));
  // In a folder of another name it is not looked for.
  return basename(dir) === board
    ? { board, prefer, places: { dist: dirname(dir) } }
    : { board, prefer };
}

/** A decoder of what a board prints. */
export function traceDecoder(options: DecoderOptions = {}): TraceDecoder {
  return new TraceDecoder(new BuildChoice(inOrder(options), options.prefer));
}

/** A text decoded as a whole. */
export function decodeTrace(text: string, options: DecoderOptions = {}): string {
  const decoder = traceDecoder(options);
  if (text.endsWith("\n")) return decoder.push(text) + decoder.flush();
  return (decoder.push(`${text}\n`) + decoder.flush()).replace(/\n$/, "");
}
