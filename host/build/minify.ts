/**
 * From rollup's flat script to the one that the board gets, in steps that each keep the source map.
 * @module
 */
import type { DecodedSourceMap } from "magic-string";
import type { Plugin, SourceMapInput } from "rollup";
import { type MinifyOptions, minify } from "terser";
import { freeMethods, nestBrief } from "./script/brief.ts";
import { unwrapClasses } from "./script/classes.ts";
import { forwardCalls } from "./script/forward.ts";
import { callGetters } from "./script/getters.ts";
import { fitGrammar } from "./script/grammar.ts";
import { inlineSingles } from "./script/inline.ts";
import { moveLate, wrapLate } from "./script/late.ts";
import { replaceDoWhile } from "./script/loops.ts";
import { renameTopLevel } from "./script/names.ts";
import { shortenNatives } from "./script/natives.ts";
import { inlineNumbers } from "./script/numbers.ts";
import { pretokenise } from "./script/pretokenise.ts";
import { sharePrototypes } from "./script/prototypes.ts";
import type { Rewritten } from "./script/rewritten.ts";
import { declareEarly } from "./script/variables.ts";

/**
 * The interpreter hoists no functions, so they go to the front; one that is used once stays a
 * function of its own, because an inner one would be made anew at each call.
 */
const COMPRESS: MinifyOptions = {
  ecma: 5,
  sourceMap: true,
  compress: {
    toplevel: true,
    hoist_funs: true,
    passes: 3,
    inline: 3,
    reduce_funcs: false,
    keep_fargs: false,
    arrows: false,
    // No getter of ours does anything.
    pure_getters: true,
  },
  mangle: false,
  format: { comments: false },
};

const INLINE_PASSES = 4;
const NEST_PASSES = 3;

const PRINT: MinifyOptions = {
  ecma: 5,
  sourceMap: true,
  compress: false,
  mangle: { toplevel: false },
  format: { ascii_only: true, comments: false },
};

async function run(code: string, options: MinifyOptions): Promise<Rewritten> {
  const result = await minify(code, options);
  return { code: result.code ?? "", map: result.decoded_map as unknown as DecodedSourceMap };
}

/** Gives nothing where there is nothing to do. */
type Rewrite = (code: string) => Rewritten | Promise<Rewritten | undefined>;

/** Rollup takes maps as they are before they are encoded, which its types don't tell. */
function step(name: string, rewrite: Rewrite): Plugin {
  return {
    name,
    async renderChunk(chunk) {
      const made = await rewrite(chunk);
      if (made === undefined || made.code === chunk) return null;
      return { code: made.code, map: made.map as unknown as SourceMapInput };
    },
  };
}

/** Steps that make work for each other: a number of times, or until nothing changes any more. */
function repeated(times: number, steps: [name: string, rewrite: Rewrite][]): Plugin[] {
  /** Steps in a row that found nothing to do. */
  let idle = 0;
  const unlessDone =
    (rewrite: Rewrite): Rewrite =>
    async (code) => {
      if (idle === steps.length) return undefined;
      const made = await rewrite(code);
      idle = made === undefined || made.code === code ? idle + 1 : 0;
      return made;
    };
  return Array.from({ length: times }, () =>
    steps.map(([name, rewrite]) => step(name, unlessDone(rewrite))),
  ).flat();
}

/** Rollup plugins that minify the script; `prefix` begins every name at its top level. */
export function minifyScript(prefix: string): Plugin[] {
  return [
    step("unwrap-classes", unwrapClasses),
    step("call-getters", callGetters),
    step("forward-calls", forwardCalls),
    // What is put in place may hold calls of others.
    ...repeated(INLINE_PASSES, [["inline-singles", inlineSingles]]),
    step("inline-numbers", inlineNumbers),
    ...repeated(NEST_PASSES, [
      ["free-methods", freeMethods],
      ["nest-brief", nestBrief],
    ]),
    step("compress", (code) => run(code, COMPRESS)),
    step("replace-do-while", replaceDoWhile),
    step("declare-early", declareEarly),
    step("move-late", moveLate),
    step("share-prototypes", sharePrototypes),
    step("shorten-natives", (code) => shortenNatives(code, prefix.length + 1)),
    step("rename-top-level", (code) => renameTopLevel(code, prefix)),
    step("print", (code) => run(code, PRINT)),
    step("fit-grammar", fitGrammar),
    step("wrap-late", wrapLate),
    step("pretokenise", pretokenise),
  ];
}
