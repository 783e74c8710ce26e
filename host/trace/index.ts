/**
 * Stack traces of the minified script with the places of the TypeScript.
 *
 * `traceDecoder({ board })` gives a stream: `push(text)` answers with the text decoded, `flush()`
 * with what waits when the board says no more. The build that a trace is of is found by the code that
 * the trace shows, among `dist` and the builds before; a trace that fits none stays as it is and says
 * so.
 * @module
 */
import { type KnownBuild, knownBuilds, type Places } from "./archive.ts";
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

/** A decoder of what a board prints. */
export function traceDecoder(options: DecoderOptions = {}): TraceDecoder {
  return new TraceDecoder(new BuildChoice(inOrder(options), options.prefer));
}

/** A text decoded as a whole. */
export function decodeTrace(text: string, options: DecoderOptions = {}): string {
  const decoder = traceDecoder(options);
  return decoder.push(text) + decoder.flush();
}
