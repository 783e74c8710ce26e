/**
 * One script out of the page's modules and the packages that they use.
 * @module
 */
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type Plugin, rollup } from "rollup";
import ts from "../build/typescript.js";
import { espruinoTools } from "./page-espruino.ts";

export interface Bundle {
  code: string;
  map: string;
  /** Files that it was made of. */
  sources: string[];
}

/** @throws Error that names the file which can't be bundled. */
export async function bundle(entry: string): Promise<Bundle> {
  const build = await rollup({
    input: entry,
    plugins: [
      espruinoTools(),
      nodeResolve({ browser: true, extensions: [".js", ".mjs"] }),
      commonjs({ include: /@espruino-tools/ }),
      typescript(),
    ],
    onwarn(warning) {
      throw new Error(warning.message);
    },
  });
  try {
    const { output } = await build.generate({ format: "es", file: "app.js", sourcemap: true });
    const sources = build.watchFiles.filter((file) => !file.includes("\0"));
    return { code: output[0].code, map: output[0].map?.toString() ?? "", sources };
  } finally {
    await build.close();
  }
}

/** Takes the types out and turns JSX into calls; types are checked elsewhere. */
function typescript(): Plugin {
  return {
    name: "typescript",
    transform(code, id) {
      if (!/\.tsx?$/.test(id)) return undefined;
      const { outputText, sourceMapText } = ts.transpileModule(code, {
        fileName: id,
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          jsx: ts.JsxEmit.ReactJSX,
          jsxImportSource: "preact",
          verbatimModuleSyntax: true,
          sourceMap: true,
        },
      });
      return { code: outputText, map: sourceMapText ?? null };
    },
  };
}
