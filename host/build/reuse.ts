/**
 * Finished builds: the same sources, tools and options need not be built again.
 * @module
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { inProject } from "./project.ts";
import { typeFiles } from "./sources.ts";

function hash(parts: Iterable<string | Buffer>): string {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

/** A source file: absolute path and text. */
export type Source = [path: string, text: string];

/** A key of all that a build depends on: sources, tools, their versions, options. */
function keyOf(options: string[], sources: Source[]): string {
  const folder = inProject("host/build");
  const tools = (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => /\.(ts|js)$/.test(file))
    .sort()
    .map((file) => `${folder}/${file}`);
  const files = [...tools, inProject("rollup.config.js"), inProject("package-lock.json")];
  const settings = [inProject("tsconfig.base.json"), inProject("src/tsconfig.json")];
  // Declarations count by being there; all else is imported by a file's full name.
  return hash([
    ...options,
    ...typeFiles(),
    ...sources.flat(),
    ...[...files, ...settings].map((file) => readFileSync(file)),
  ]);
}

/** What `remember` keeps of a folder. */
interface Kept {
  key: string;
  /** Paths of the sources, which only a build finds. */
  sources: string[];
  /** A hash of what was written. */
  files: string;
  result: unknown;
}

function recordFile(dir: string): string {
  return inProject(".cache/build", `${hash([dir]).slice(0, 16)}.json`);
}

/**
 * What `remember` kept for a folder, when it would be built the same again and the files are as they
 * were. Takes no compiler, which needs longer to load than this takes.
 */
export function recall<T>(dir: string, options: string[], files: string[]): T | undefined {
  const record = recordFile(dir);
  if (!existsSync(record)) return undefined;
  const known: Kept = JSON.parse(readFileSync(record, "utf8"));
  const { sources = [] } = known;
  if (![...files, ...sources].every((file) => existsSync(file))) return undefined;
  const texts = sources.map((file): Source => [file, readFileSync(file, "utf8")]);
  if (known.key !== keyOf(options, texts)) return undefined;
  const written = hash(files.map((file) => readFileSync(file)));
  return known.files === written ? (known.result as T) : undefined;
}

/**
 * Keeps the result of a build into `dir` with the hash of the files that it wrote. `sources` are as they
 * were built: they may have changed meanwhile.
 */
export function remember(
  dir: string,
  options: string[],
  sources: Source[],
  files: string[],
  result: unknown,
): void {
  const record = recordFile(dir);
  mkdirSync(dirname(record), { recursive: true });
  const kept: Kept = {
    key: keyOf(options, sources),
    sources: sources.map(([path]) => path),
    files: hash(files.map((file) => readFileSync(file))),
    result,
  };
  const next = `${record}.${process.pid}`;
  writeFileSync(next, JSON.stringify(kept));
  renameSync(next, record);
}
