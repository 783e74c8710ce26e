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
import type ts from "./typescript.js";

function hash(parts: Iterable<string | Buffer>): string {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

/** A key of all that a build depends on: sources, tools, their versions, options. */
export function buildKey(program: ts.Program, options: string[]): string {
  const sources = program.getSourceFiles().flatMap((file) => [file.fileName, file.text]);
  const folder = inProject("host/build");
  const tools = (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => /\.(ts|js)$/.test(file))
    .sort()
    .map((file) => `${folder}/${file}`);
  const files = [...tools, inProject("rollup.config.js"), inProject("package-lock.json")];
  const settings = [inProject("tsconfig.base.json"), inProject("src/tsconfig.json")];
  return hash([
    ...options,
    ...sources,
    ...[...files, ...settings].map((file) => readFileSync(file)),
  ]);
}

function recordFile(dir: string): string {
  return inProject(".cache/build", `${hash([dir]).slice(0, 16)}.json`);
}

/** What `remember` kept for a folder, when the key fits and the files are as they were. */
export function recall<T>(dir: string, key: string, files: string[]): T | undefined {
  const record = recordFile(dir);
  if (!existsSync(record) || !files.every((file) => existsSync(file))) return undefined;
  const known = JSON.parse(readFileSync(record, "utf8"));
  const isSame = known.key === key && known.files === hash(files.map((file) => readFileSync(file)));
  return isSame ? known.result : undefined;
}

/** Keeps the result of a build into `dir` with the hash of the files that it wrote. */
export function remember(dir: string, key: string, files: string[], result: unknown): void {
  const record = recordFile(dir);
  mkdirSync(dirname(record), { recursive: true });
  const written = hash(files.map((file) => readFileSync(file)));
  const next = `${record}.${process.pid}`;
  writeFileSync(next, JSON.stringify({ key, files: written, result }));
  renameSync(next, record);
}
