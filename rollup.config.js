/**
 * How TypeScript modules become one script for the interpreter. `host/build` calls this with the
 * program of a bundle; run the build with `npm run build -- --board NAME`.
 * @module
 */
import { emitES5 } from "./host/build/emit.ts";
import { minifyScript } from "./host/build/minify.ts";

/**
 * @param {object} bundle
 * @param {import("typescript-es5").Program} bundle.program every module, as the emitter sees it
 * @param {string} bundle.entry module that starts everything with its last statement
 * @param {import("./host/build/sources.ts").Aliases} bundle.aliases what `#board` and `#app` mean
 * @param {string} bundle.file script to write
 * @param {string} bundle.prefix begins every name at the top level, see `host/build/script/names`
 * @returns {import("rollup").RollupOptions}
 */
export default function configuration({ program, entry, aliases, file, prefix }) {
  return {
    input: entry,
    plugins: [emitES5(program, aliases), ...minifyScript(prefix)],
    treeshake: { moduleSideEffects: true },
    onwarn(warning) {
      // the loader evaluates the firmware's file
      if (warning.code !== "EVAL") throw new Error(warning.message);
    },
    output: {
      file,
      format: "es",
      sourcemap: "hidden",
      strict: false,
      esModule: false,
      freeze: false,
      externalLiveBindings: false,
      generatedCode: "es5",
    },
  };
}
