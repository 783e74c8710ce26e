/**
 * Runs an example of `examples/` as a user does: built with it as the application, on the virtual
 * board and, where it is present, on the real interpreter, against the local platform.
 * @module
 */
import test from "node:test";
import { findInterpreter } from "../../host/board/index.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { type Engine, openStage, type Stage, type StageOptions } from "../../host/demo/stage.ts";

/**
 * One build serves both engines. `play` gets a stage whose board is on, and asserts on what the
 * platform received; what the console printed is in its second argument.
 */
export function testExample(
  name: string,
  play: (stage: Stage, printed: () => string) => Promise<void>,
  options: Omit<StageOptions, "build" | "engine"> = {},
): void {
  let built: Promise<BuildResult> | undefined;
  const once = () => {
    const app = inProject("examples", `${name}.ts`);
    built ??= build({
      board: "linux",
      app,
      outDir: inProject(".cache/examples", name),
      quiet: true,
    });
    return built;
  };
  const engines: Engine[] = findInterpreter() === undefined ? ["virtual"] : ["virtual", "espruino"];
  if (engines.length === 1) {
    console.log("no espruino-linux on the PATH and no $ESPRUINO: the interpreter is skipped");
  }
  for (const engine of engines) {
    const title = engine === "virtual" ? "the virtual board" : "the interpreter";
    test(`examples/${name}.ts on ${title}`, async (context) => {
      const stage = await openStage({ build: await once(), engine, ...options });
      context.after(() => stage.close());
      let printed = "";
      stage.board.onConsole((text) => {
        printed += text;
      });
      await stage.board.powerOn();
      try {
        await play(stage, () => printed);
      } catch (error) {
        console.error(printed);
        throw error;
      }
    });
  }
}
