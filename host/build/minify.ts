/**
 * From rollup's flat script to the one that the board gets, in steps that each keep the source map.
 * @module
 */
import type { DecodedSourceMap } from "magic-string";
import type { Plugin, SourceMapInput } from "rollup";
import { type MinifyOptions, minify } from "terser";
import { freeMethods, nestBrief } from "./script/brief.ts";
import { unwrapClasses } from "./script/classes.ts";
import { callGetters } from "./script/getters.ts";
import { fitGrammar } from "./script/grammar.ts";
import { inlineSingles } from "./script/inline.ts";
import { moveLate, wrapLate } from "./script/late.ts";
import { replaceDoWhile } from "./script/loops.ts";
import { renameTopLevel } from "./script/names.ts";
import { shortenNatives } from "./script/natives.ts";
import { inlineNumbers } from "./script/numbers.ts";
import { sharePrototypes } from "./script/prototypes.ts";
import { nameThis } from "./script/self.ts";
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

/** A step's result. */
interface Rewritten {
  code: string;
  map: DecodedSourceMap;
}

async function run(code: string, options: MinifyOptions): Promise<Rewritten> {
  const result = await minify(code, options);
  return { code: result.code ?? "", map: result.decoded_map as unknown as DecodedSourceMap };
}

/** Rollup takes maps as they are before they are encoded, which its types don't tell. */
function step(name: string, rewrite: (code: string) => Rewritten | Promise<Rewritten>): Plugin {
  return {
    name,
    async renderChunk(chunk) {
      const { code, map } = await rewrite(chunk);
      return { code, map: map as unknown as SourceMapInput };
    },
  };
}

/** Rollup plugins that minify the script; `prefix` begins every name at its top level. */
export function minifyScript(prefix: string): Plugin[] {
  return [
    step("unwrap-classes", unwrapClasses),
    step("call-getters", callGetters),
    // What is put in place may hold calls of others.
    ...Array.from({ length: INLINE_PASSES }, () => step("inline-singles", inlineSingles)),
    step("inline-numbers", inlineNumbers),
    ...Array.from({ length: NEST_PASSES }, () => [
      step("free-methods", freeMethods),
      step("nest-brief", nestBrief),
    ]).flat(),
    step("compress", (code) => run(code, COMPRESS)),
    step("replace-do-while", replaceDoWhile),
    step("declare-early", declareEarly),
    step("move-late", moveLate),
    step("name-this", nameThis),
    step("share-prototypes", sharePrototypes),
    step("shorten-natives", shortenNatives),
    step("rename-top-level", (code) => renameTopLevel(code, prefix)),
    step("print", (code) => run(code, PRINT)),
    step("fit-grammar", fitGrammar),
    step("wrap-late", wrapLate),
  ];
}
