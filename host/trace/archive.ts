/**
 * Builds by their id, with scripts and source maps, so that a trace of an image which was built some
 * time ago is not read with the map of today's.
 * @module
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { inProject } from "../build/project.ts";
import { BuiltScript } from "./script.ts";

/** A build that traces can be read with. */
export interface KnownBuild {
  board: string;
  /** Begin of the script's SHA-256. */
  id: string;
  /** When it was built, in ISO 8601. */
  at: string;
  firmware: BuiltScript;
  /** The loader; only of the build in `dist`. */
  loader?: BuiltScript;
}

/** Hexadecimal digits of an id. */
export const ID_DIGITS = 12;
/** Builds kept for a board, besides those that were packed. */
const KEPT = 30;
/** Ending of the file that names the images with a build. */
const PACKED = "packed";
/** No cache: what is lost here can't be made again. */
const ARCHIVE = inProject(".data/builds");

/** The id of a script: 12 hexadecimal digits. */
export function buildId(script: Uint8Array | string): string {
  return createHash("sha256").update(script).digest("hex").slice(0, ID_DIGITS);
}

function write(file: string, bytes: Uint8Array): void {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, bytes);
  renameSync(next, file);
}

/** Keeps a build's script and map; the oldest beyond 30 a board are dropped, unless they
 * were packed. Gives the build's id. */
export function keepBuild(
  build: { board: string; firmware: string; map: string },
  archive = ARCHIVE,
): string {
  const script = readFileSync(build.firmware);
  const id = buildId(script);
  const folder = join(archive, build.board);
  if (existsSync(join(folder, `${id}.js.gz`))) return id;
  mkdirSync(folder, { recursive: true });
  write(join(folder, `${id}.map.gz`), gzipSync(readFileSync(build.map)));
  write(join(folder, `${id}.js.gz`), gzipSync(script));
  const others = kept(folder).filter(({ name }) => !existsSync(join(folder, `${name}.${PACKED}`)));
  for (const { name } of others.slice(KEPT)) {
    for (const end of ["js", "map"]) rmSync(join(folder, `${name}.${end}.gz`), { force: true });
  }
  return id;
}

/** Keeps a build for good: it was packed, and may run in the field. `image` says as what. */
export function keepForGood(board: string, id: string, image: string, archive = ARCHIVE): void {
  mkdirSync(join(archive, board), { recursive: true });
  appendFileSync(join(archive, board, `${id}.${PACKED}`), `${image}\n`);
}

/** Newest first. */
function kept(folder: string): { name: string; at: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".js.gz"))
    .flatMap((file) => {
      // Another build may be dropping it.
      const at = statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs;
      return at === undefined ? [] : [{ name: file.slice(0, -6), at }];
    })
    .sort((a, b) => b.at - a.at);
}

function readScript(file: string): BuiltScript | undefined {
  if (!existsSync(file) || !existsSync(`${file}.map`)) return undefined;
  const readMap = () => readFileSync(`${file}.map`, "utf8");
  return new BuiltScript(readFileSync(file, "latin1"), readMap, dirname(file));
}

/** The build that a folder such as `dist/esp32` holds; undefined when there is none. */
export function builtIn(folder: string, board: string): KnownBuild | undefined {
  const firmware = readScript(join(folder, "firmware.js"));
  if (!firmware) return undefined;
  const loader = readScript(join(folder, "boot0.js"));
  const id = buildId(Buffer.from(firmware.text, "latin1"));
  const at = statSync(join(folder, "firmware.js")).mtime.toISOString();
  return { board, id, at, firmware, ...(loader ? { loader } : {}) };
}

/** Where builds are looked for. */
export interface Places {
  /** Holds a folder a board. */
  dist?: string;
  archive?: string;
}

/**
 * The builds of a board, or of all boards: those in `dist` first, then the kept ones, newest first.
 * Each is read when it is asked for.
 */
export function* knownBuilds(
  board?: string,
  { dist = inProject("dist"), archive = ARCHIVE }: Places = {},
): Generator<KnownBuild> {
  const folders = (parent: string) => (existsSync(parent) ? readdirSync(parent).sort() : []);
  const seen = new Set<string>();
  for (const name of folders(dist)) {
    const found = (board ?? name) === name ? builtIn(join(dist, name), name) : undefined;
    if (!found) continue;
    seen.add(found.id);
    yield found;
  }
  for (const name of folders(archive)) {
    if ((board ?? name) !== name) continue;
    const folder = join(archive, name);
    for (const { name: id, at } of kept(folder)) {
      if (seen.has(id)) continue;
      const file = (end: string) => join(folder, `${id}.${end}.gz`);
      if (!existsSync(file("js")) || !existsSync(file("map"))) continue;
      const unpack = (end: string) => gunzipSync(readFileSync(file(end)));
      const readMap = () => unpack("map").toString();
      const script = unpack("js").toString("latin1");
      const firmware = new BuiltScript(script, readMap, inProject("dist", name));
      yield { board: name, id, at: new Date(at).toISOString(), firmware };
    }
  }
}
