/**
 * The bundles that are measured: those of the least application and of the sample application. They stay,
 * so that each is built once as long as the sources do not change.
 * @module
 */
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";

/** Which application: `examples/minimal.ts`, or that of `src/app/`. */
export type App = "least" | "sample";

export const APP_TITLES: Record<App, string> = {
  least: "least application",
  sample: "sample application",
};

/** Builds an application for a board, by the board's name. */
export function buildApp(board: string, app: App): Promise<BuildResult> {
  // The sample application's is the usual build.
  if (app === "sample") return build({ board, quiet: true });
  const outDir = inProject(".cache/bench", board);
  return build({ board, app: inProject("examples/minimal.ts"), outDir, quiet: true });
}
