/**
 * What a step makes of a script.
 * @module
 */
import type MagicString from "magic-string";
import type { DecodedSourceMap } from "magic-string";

export interface Rewritten {
  code: string;
  /** From `code` to the script before; where nothing was changed, nobody needs it. */
  readonly map: DecodedSourceMap;
}

/** The result of changes to a text. Its map is made when it is asked for, which takes longest. */
export function rewritten(text: MagicString): Rewritten {
  return {
    code: text.toString(),
    get map() {
      return text.generateDecodedMap({ hires: "boundary" });
    },
  };
}
