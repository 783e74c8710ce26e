/**
 * The minifier with the settings that the interpreter needs: function declarations go to the front
 * (it does not hoist), arrows stay functions, text stays ASCII.
 * @module
 */
import type { Plugin } from "rollup";
import { minify } from "terser";

/** A rollup plugin that minifies the finished script. */
export function minifyScript(): Plugin {
  return {
    name: "minify-script",
    async renderChunk(code) {
      const result = await minify(code, {
        ecma: 5,
        toplevel: true,
        sourceMap: true,
        compress: { hoist_funs: true, passes: 2, inline: 1, keep_fargs: true, arrows: false },
        mangle: { toplevel: true },
        format: { ascii_only: true, comments: false },
      });
      return { code: result.code ?? "", map: result.map as string };
    },
  };
}
