/**
 * The bundles that are measured: those of the least application and of the sample application. Each has
 * a folder of its own, so that it is built once as long as the sources stay.
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
  return build({
    board,
    outDir: inProject(".cache/bench", `${app}-${board}`),
    quiet: true,
    ...(app === "least" ? { app: inProject("examples/minimal.ts") } : {}),
  });
}
