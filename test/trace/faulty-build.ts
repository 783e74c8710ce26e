/**
 * The build of a program with faults, in a folder of its own as `dist` is.
 * @module
 */
import { join } from "node:path";
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";

/** The program. */
export const FAULTY = join(import.meta.dirname, "device/faulty.ts");

/** In the place of `dist`. */
export const FAULTY_DIST = inProject(".cache/faulty");

export function buildFaulty(): Promise<BuildResult> {
  const outDir = join(FAULTY_DIST, "linux");
  return build({ board: "linux", entry: FAULTY, outDir, quiet: true });
}
