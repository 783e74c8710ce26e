/**
 * What benches measure with, and how to get at it.
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  findInterpreter,
  findProgram,
  findSmallInterpreter,
} from "../../host/board/find-interpreter.ts";
import { findChromium } from "../../host/console/browser.ts";

const execute = promisify(execFile);

export type Tool = "interpreter" | "interpreter32" | "callgrind" | "chromium";

interface Finder {
  /** Path of the program. */
  find(): string | undefined;
  /** What the figures depend on, e.g. the version. */
  describe(path: string): Promise<string> | string;
  /** How to point to one that is not found. */
  missing: string;
}

/** What an interpreter says of itself. Its input must stay open. */
async function describeInterpreter(path: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bench-tool-"));
  try {
    const code = 'var m=process.memory();print("is",process.env.VERSION,m.blocksize,m.total)';
    const { stdout } = await execute(path, ["-e", code], { cwd: folder, timeout: 20_000 });
    const [, version, size, total] = /is (\S+) (\d+) (\d+)/.exec(stdout) ?? [];
    if (version === undefined) throw new Error(`${path} is no Espruino: it printed ${stdout}`);
    // The 64-bit one takes more when it needs them.
    const count = Number(size) > 16 ? "" : `${total} `;
    return `Espruino ${version}, ${count}JsVars of ${size} bytes`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const FINDERS: Record<Tool, Finder> = {
  interpreter: {
    find: findInterpreter,
    describe: describeInterpreter,
    missing:
      "no interpreter: set ESPRUINO to Espruino's Linux build, or put it on the PATH as espruino-linux",
  },
  interpreter32: {
    find: findSmallInterpreter,
    describe: describeInterpreter,
    missing:
      "no 32-bit interpreter: set ESPRUINO32 to one with an ESP32's limits, or put it on the PATH as espruino-linux32",
  },
  callgrind: {
    find: () => findProgram("VALGRIND", "valgrind"),
    describe: async (path) => (await execute(path, ["--version"])).stdout.trim(),
    missing: "no callgrind: set VALGRIND, or put valgrind on the PATH",
  },
  chromium: {
    find: findChromium,
    describe: () => "Chromium",
    missing: "no browser: set CHROMIUM, or put chromium on the PATH",
  },
};

/** The tools of a list that are here, each with what it is. */
export async function describeTools(tools: Tool[]): Promise<Partial<Record<Tool, string>>> {
  const found: Partial<Record<Tool, string>> = {};
  for (const tool of tools) {
    const { find, describe } = FINDERS[tool];
    const path = find();
    if (path !== undefined) found[tool] = await describe(path);
  }
  return found;
}

/** How to point to a tool that is missing. */
export function howToGet(tool: Tool): string {
  return FINDERS[tool].missing;
}
