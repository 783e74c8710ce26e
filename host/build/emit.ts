/**
 * A rollup plugin that reads TypeScript modules as the ES5 that TypeScript 6 emits, with the
 * project's own `tslib`.
 * @module
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ExistingRawSourceMap, Plugin } from "rollup";
import { Kept, surroundingsIn } from "./kept.ts";
import { privateNames, shortenPrivateNames, wordsOf } from "./private-names.ts";
import { inProject } from "./project.ts";
import { lowerErrors } from "./script/errors.ts";
import { sharedNames } from "./shared-names.ts";
import type { Aliases } from "./sources.ts";
import { lowerText } from "./text.ts";
import ts from "./typescript.js";

type Transformers = ts.TransformerFactory<ts.SourceFile>[];

/** How a program's files are emitted. */
interface Emission {
  before: Transformers;
  names: Map<string, string>;
  shared: Set<string>;
}

/** Firmware and loader come of one program, whose names take long to find. */
const emissions = new WeakMap<ts.Program, Emission>();

function emissionOf(program: ts.Program): Emission {
  const checker = program.getTypeChecker();
  const shared = sharedNames(program);
  const names = privateNames(program, shared);
  return {
    before: [lowerText(checker), shortenPrivateNames(checker, names, shared)],
    names,
    shared,
  };
}

/** A module in ES5. */
interface Emitted {
  code: string;
  map: ExistingRawSourceMap;
}

const emitted = new Kept<Emitted>();

/** Tells emits of a file apart: by the types that it goes by, and by what becomes of its words. */
function keyOf(file: ts.SourceFile, program: ts.Program, { names, shared }: Emission) {
  const types = surroundingsIn(program).keyOf(file);
  if (types === undefined) return undefined;
  const words = [...wordsOf(file).mentions.keys()];
  const short = words.map((word) => `${names.get(word) ?? ""}${shared.has(word) ? "+" : ""}`);
  return `${types} ${short.join()}`;
}

function emit(file: ts.SourceFile, program: ts.Program, before: Transformers): Emitted {
  let code = "";
  let map = "";
  const keep = (name: string, text: string): void => {
    if (name.endsWith(".map")) map = text;
    else code = text;
  };
  program.emit(file, keep, undefined, false, { before });
  code = code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n").replace(/^#!.*/, "");
  // A class that nobody uses is left out, accessors or not; as many characters, for the map.
  code = code.replaceAll("/** @class */", "/*@__PURE__*/");
  return { code, map: JSON.parse(map) };
}

/** `program` must hold every module that will be asked for. */
export function emitES5(program: ts.Program, aliases: Aliases): Plugin {
  const helpers = inProject("host/build/tslib.js");
  const emission = emissions.get(program) ?? emissionOf(program);
  emissions.set(program, emission);
  return {
    name: "emit-es5",
    resolveId(source, importer) {
      if (source in aliases) return aliases[source as keyof Aliases];
      if (source === "tslib") return { id: helpers, moduleSideEffects: false };
      if (importer !== undefined && source.startsWith(".")) {
        return resolve(dirname(importer), source);
      }
      return null;
    },
    load(id) {
      if (id === helpers) return emitHelpers(readFileSync(id, "utf8"));
      const file = program.getSourceFile(id);
      if (file === undefined) return null;
      const key = keyOf(file, program, emission);
      const { code, map } = emitted.get(file, key, () => emit(file, program, emission.before));
      const sourcesContent = [file.text];
      // the emitter names the source relative to an output folder that doesn't exist
      return { code, map: { ...map, sources: [id], sourcesContent, sourceRoot: undefined } };
    },
    transform(code, id) {
      return id === helpers ? null : (lowerErrors(code) ?? null);
    },
  };
}

/** The helpers as they were last, and what was emitted of them. */
let helpersMade: { source: string; code: string } | undefined;

/** The helpers go through the same emit: no arrows and the like are left. */
function emitHelpers(source: string): string {
  if (helpersMade?.source !== source) {
    const { ES5 } = ts.ScriptTarget;
    const { ESNext } = ts.ModuleKind;
    const compilerOptions = { target: ES5, module: ESNext, ignoreDeprecations: "6.0" };
    helpersMade = { source, code: ts.transpileModule(source, { compilerOptions }).outputText };
  }
  return helpersMade.code;
}
