/**
 * Compiles the project's TypeScript for a run of the tests, each module to one of its own. The run's
 * many processes then start without a loader, which takes longer than most of what they do.
 * @module
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform, version } from "esbuild";
import { compiledName } from "./import-source.ts";
import { type Place, settle } from "./imports.ts";

const root = join(import.meta.dirname, "../..");

/** Folders with modules. */
const FOLDERS = ["bench", "boards", "examples", "host", "src", "test"];
const MODULE = /(?<!\.d)\.(ts|mjs)$|^host\/build\/\w+\.js$/;
/** What fixtures hold is input of tests. */
const FIXTURE = /^test\/fixtures\//;
/** Knows by its own path that it is compiled. */
const IMPORTER = "test/compiled/import-source.ts";

/** What a service of the run does, or is made once for all of the run. */
const INSTEAD = {
  "host/build/index.ts": "test/compiled/build.ts",
  "host/cloud/certificate/throw-away.ts": "test/compiled/throw-away.ts",
};

/** Paths of all modules, from the root. */
function modules(): string[] {
  const files = FOLDERS.flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[]).map((file) =>
      join(folder, file),
    ),
  );
  return ["rollup.config.js", ...files.filter((file) => MODULE.test(file) && !FIXTURE.test(file))];
}

/** Of the compiler, so that another one does all again. */
function ownTime(): number {
  const files = readdirSync(import.meta.dirname).map((file) => join(import.meta.dirname, file));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Whether a result is of the source as it is: it has its time, in whole milliseconds. */
function isOf(source: string, result: string): boolean {
  if (!existsSync(result)) return false;
  return Math.round(statSync(result).mtimeMs) === Math.floor(statSync(source).mtimeMs);
}

async function compileOne(source: string, result: string, place: Place): Promise<void> {
  const { mtimeMs } = statSync(place.source);
  const { code } = await transform(readFileSync(place.source, "utf8"), {
    loader: source.endsWith(".ts") ? "ts" : "js",
    format: "esm",
    target: "node20",
    sourcefile: place.source,
    sourcemap: "inline",
    sourcesContent: false,
  });
  mkdirSync(dirname(result), { recursive: true });
  writeFileSync(result, source === IMPORTER ? code : settle(code, place));
  utimesSync(result, Math.floor(mtimeMs) / 1000, Math.floor(mtimeMs) / 1000);
}

/**
 * Compiles what has changed since the last time into `folder`, under the sources' paths. Rejects where a
 * source is no TypeScript.
 */
export async function compile(folder: string): Promise<void> {
  const stamp = join(folder, `esbuild-${version}-${ownTime()}`);
  if (!existsSync(stamp)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const addressOf = (path: string) => pathToFileURL(join(folder, compiledName(path))).href;
  const aliases = Object.fromEntries(
    Object.entries(imports as Record<string, string>).map(([name, path]) => [
      name,
      addressOf(path),
    ]),
  );
  const instead = Object.fromEntries(
    Object.entries(INSTEAD).map((pair) => pair.map((path) => join(root, path))),
  );
  const paths = modules();
  const importer = addressOf(IMPORTER);
  await Promise.all(
    paths.map(async (path) => {
      const [source, result] = [join(root, path), join(folder, compiledName(path))];
      if (!isOf(source, result))
        await compileOne(path, result, { source, instead, importer, aliases });
    }),
  );
  const wanted = new Set(paths.map(compiledName));
  for (const file of readdirSync(folder, { recursive: true }) as string[]) {
    if (file.endsWith(".js") && !wanted.has(file)) rmSync(join(folder, file));
  }
  writeFileSync(stamp, "");
}
