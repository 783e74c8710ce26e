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
 * @param {string} bundle.boardFile what `#board` means
 * @param {string} bundle.file script to write
 * @returns {import("rollup").RollupOptions}
 */
export default function configuration({ program, entry, boardFile, file }) {
  return {
    input: entry,
    plugins: [emitES5(program, boardFile), minifyScript()],
    treeshake: { moduleSideEffects: true },
    onwarn(warning) {
      throw new Error(warning.message);
    },
    output: {
      file,
      format: "iife",
      sourcemap: "hidden",
      strict: false,
      esModule: false,
      freeze: false,
      externalLiveBindings: false,
      generatedCode: "es5",
    },
  };
}
