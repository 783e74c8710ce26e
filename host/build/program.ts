/**
 * The TypeScript program of a bundle as the ES5 emitter sees it. One program serves the dialect
 * guard, which needs types, and the emit.
 * @module
 */
import { readdirSync } from "node:fs";
import { inProject } from "./project.ts";
import ts from "./typescript.js";

/** The declarations that stand in for TypeScript's own libraries. */
export function typeFiles(): string[] {
  return readdirSync(inProject("src/types"))
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => inProject("src/types", file));
}

/** What `#board` and `#app` stand for in a bundle, absolute. */
export interface Aliases {
  "#board": string;
  "#app": string;
}

/** For a board file, with the sample application or another one. */
export function aliasesOf(boardFile: string, app = inProject("src/app/app.ts")): Aliases {
  return { "#board": boardFile, "#app": app };
}

/** Aliases as the compiler's `paths`. */
export function pathsOf(aliases: Aliases): Record<string, string[]> {
  return Object.fromEntries(Object.entries(aliases).map(([name, file]) => [name, [file]]));
}

/**
 * A program of `entries` and all they import. Whether it type-checks is TypeScript 7's business: see
 * `check`.
 */
export function createProgram(entries: string[], aliases: Aliases): ts.Program {
  return ts.createProgram([...entries, ...typeFiles()], {
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
    types: [],
    sourceMap: true,
    newLine: ts.NewLineKind.LineFeed,
    paths: pathsOf(aliases),
  });
}
