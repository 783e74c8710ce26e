/**
 * Builds a board's firmware: type check, dialect guard, one minified script and the loader beside
 * it in `dist/NAME/`.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { firmwareEntries } from "../image/firmware.ts";
import { HEADER_BYTES } from "../image/image.ts";
import { keepBuild } from "../trace/archive.ts";
import { boardFile, loadBoardFile } from "./boards.ts";
import { type Finding, showFinding } from "./check.ts";
import { inProject } from "./project.ts";
import { recall, remember } from "./reuse.ts";
import { recordSizes } from "./size-history.ts";
import { showSizes } from "./sizes.ts";

export interface BuildOptions {
  /** Name of a file in `boards/`, e.g. `"esp32"`. */
  board: string;
  /** A board file elsewhere instead, absolute; it needs its own `outDir`. */
  boardFile?: string;
  /** Folder of the results; `dist/BOARD` by default. */
  outDir?: string;
  /** Module that starts the firmware, absolute; `src/main.ts` by default. */
  entry?: string;
  /**
   * The application: a module that exports `startApp`, from the working directory;
   * `src/app/app.ts` by default.
   */
  app?: string | undefined;
  /** Print nothing. */
  quiet?: boolean;
}

/** Sizes in bytes. */
export interface Sizes {
  /** TypeScript of the firmware's modules. */
  source: number;
  /** The firmware as it is flashed. */
  minified: number;
  /** What an image holds of it besides the header: less where the board's images are compressed. */
  packed: number;
  /** The same compressed, for orientation only. */
  gzip: number;
  /** What the board's slot holds besides an image's header. */
  slot: number;
}

/** Absolute paths of what a build wrote, and the firmware's sizes. */
export interface BuildResult {
  board: string;
  dir: string;
  firmware: string;
  boot0: string;
  map: string;
  sizes: Sizes;
}

/** A build that the sources don't allow; `findings` says where. */
export class BuildError extends Error {
  readonly findings: Finding[];

  constructor(findings: Finding[]) {
    super(findings.map(showFinding).join("\n"));
    this.name = "BuildError";
    this.findings = findings;
  }
}

/**
 * Builds one board's firmware. Rejects with a `BuildError` that names file, line and column when
 * the sources don't pass, and with an `Error` for an unknown board or a script over the slot.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const board = options.boardFile ?? boardFile(options.board);
  const { device, machine } = await loadBoardFile(board);
  const dir = options.outDir ?? inProject("dist", options.board);
  const entry = options.entry ?? inProject("src/main.ts");
  const loader = inProject("src/boot/boot0.ts");
  const app = options.app === undefined ? undefined : resolve(options.app);
  for (const file of [entry, loader, ...(app === undefined ? [] : [app])]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: expected a TypeScript module`);
  }
  const firmware = join(dir, "firmware.js");
  const boot0 = join(dir, "boot0.js");
  const map = `${firmware}.map`;

  const given = [options.board, board, entry, app ?? ""];
  const written = [firmware, map, boot0];
  const known = recall<BuildResult>(dir, given, written);
  if (known) return finish(known, options);

  // Compiler and bundler take a second to load.
  const { make } = await import("./make.ts");
  const { modules, sources, findings } = await make({ board, entry, loader, app, dir });
  if (findings.length > 0) throw new BuildError(findings);

  const script = readFileSync(firmware);
  const sizes: Sizes = {
    source: modules.reduce((sum, file) => sum + readFileSync(file).length, 0),
    minified: script.length,
    packed: firmwareEntries(machine, script).reduce((sum, { bytes }) => sum + bytes.length, 0),
    gzip: gzipSync(script, { level: 9 }).length,
    slot: device.flash.slotBytes - HEADER_BYTES,
  };
  const result: BuildResult = { board: options.board, dir, firmware, boot0, map, sizes };
  remember(dir, given, sources, written, result);
  return finish(result, options);
}

function finish(result: BuildResult, options: BuildOptions): BuildResult {
  const { sizes } = result;
  if (sizes.packed > sizes.slot) {
    throw new Error(
      `firmware for ${options.board} takes ${sizes.packed} bytes: the slot holds ${sizes.slot}`,
    );
  }
  // Traces of this build can be read when it has long been replaced.
  const history =
    options.outDir || options.entry ? undefined : recordSizes(result, keepBuild(result));
  if (!options.quiet) console.log(showSizes(result, history?.before));
  return result;
}
