/**
 * The TypeScript program of a bundle as the ES5 emitter sees it. One program serves the dialect
 * guard, which needs types, and the emit.
 * @module
 */
import { type Aliases, pathsOf, typeFiles } from "./sources.ts";
import ts from "./typescript.js";

/** Files as they were last parsed, by path: most are in the next program of this process, too. */
const parsed = new Map<string, ts.SourceFile>();

/** The compiler's access to files, which parses none twice. */
function parsingOnce(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile;
  host.getSourceFile = (path, ...how) => {
    const known = parsed.get(path);
    if (known !== undefined && known.text === host.readFile(path)) return known;
    const file = parse(path, ...how);
    if (file) parsed.set(path, file);
    return file;
  };
  return host;
}

/**
 * A program of `entries` and all they import. Whether it type-checks is TypeScript 7's business: see
 * `check`.
 */
export function createProgram(entries: string[], aliases: Aliases): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES5,
    ignoreDeprecations: "6.0",
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    importHelpers: true,
    strict: true,
    verbatimModuleSyntax: true,
    noLib: true,
    // That is checked already, by another program.
    noCheck: true,
    types: [],
    sourceMap: true,
    newLine: ts.NewLineKind.LineFeed,
    paths: pathsOf(aliases),
  };
  return ts.createProgram([...entries, ...typeFiles()], options, parsingOnce(options));
}
