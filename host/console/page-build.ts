/**
 * Builds the page out of `page/` when it is first asked for, and again when a source has changed;
 * what was built is kept in `.cache/console`.
 * @module
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../build/project.ts";

/** A file of the page as the browser gets it. */
export interface PageFile {
  type: string;
  content: string;
}

const PAGE = join(import.meta.dirname, "page");
const CACHE = inProject(".cache/console/page.json");

interface Built {
  /** SHA-256 of each source, by path. */
  sources: Record<string, string>;
  files: Record<string, PageFile>;
}

let loading: Promise<ReadonlyMap<string, PageFile>> | undefined;

/** The page's files by name. Built at most once a process; a failed build is tried again. */
export function loadPage(): Promise<ReadonlyMap<string, PageFile>> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<ReadonlyMap<string, PageFile>> {
  const kept = await readKept();
  const built = kept && (await isFresh(kept)) ? kept : await build();
  if (built !== kept) await keep(built);
  return new Map(Object.entries(built.files));
}

async function build(): Promise<Built> {
  const { bundle } = await import("./page-bundle.ts");
  const { code, map, sources } = await bundle(join(PAGE, "main.tsx"));
  const styles = await stylesheets();
  const html = join(PAGE, "index.html");
  const icon = join(PAGE, "icon.svg");
  const files: Record<string, PageFile> = {
    "index.html": { type: "text/html;charset=utf-8", content: await read(html) },
    "icon.svg": { type: "image/svg+xml", content: await read(icon) },
    "app.js": { type: "text/javascript;charset=utf-8", content: code },
    "app.js.map": { type: "application/json", content: map },
    "style.css": { type: "text/css;charset=utf-8", content: styles.content },
  };
  const all = [...sources, ...styles.sources, html, icon, inProject("package-lock.json")];
  const hashes = await Promise.all(all.map(async (path) => [path, await hashOf(path)] as const));
  return { sources: Object.fromEntries(hashes), files };
}

/** The styles of the chart's package, then ours in order of their names. */
async function stylesheets(): Promise<{ content: string; sources: string[] }> {
  const sources = await stylePaths();
  return { content: (await Promise.all(sources.map(read))).join("\n"), sources };
}

async function stylePaths(): Promise<string[]> {
  const folder = join(PAGE, "style");
  const own = (await readdir(folder)).sort().map((name) => join(folder, name));
  return [inProject("node_modules/uplot/dist/uPlot.min.css"), ...own];
}

async function isFresh({ sources }: Built): Promise<boolean> {
  // A style that is new was no source yet; a module that is new is named by another one.
  if ((await stylePaths()).some((path) => sources[path] === undefined)) return false;
  for (const [path, hash] of Object.entries(sources)) {
    if ((await hashOf(path).catch(() => "")) !== hash) return false;
  }
  return true;
}

async function readKept(): Promise<Built | undefined> {
  try {
    return JSON.parse(await read(CACHE)) as Built;
  } catch {
    return undefined;
  }
}

async function keep(built: Built): Promise<void> {
  await mkdir(join(CACHE, ".."), { recursive: true });
  const next = `${CACHE}.${process.pid}`;
  await writeFile(next, JSON.stringify(built));
  await rename(next, CACHE);
}

function read(path: string): Promise<string> {
  return readFile(path, "utf8");
}

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
