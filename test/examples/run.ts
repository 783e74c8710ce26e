/**
 * Runs an example of `examples/` as a user does, as the firmware's application: on the virtual board
 * and, where it is present, on the real interpreter, against the local platform. One bundle holds all
 * examples, for a build takes longer than an example; the settings say which one starts.
 * @module
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { findInterpreter, type PoweredBoard } from "../../host/board/index.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import type { Cloud } from "../../host/cloud/index.ts";
import { type Engine, openStage, type Stage, type StageOptions } from "../../host/demo/stage.ts";

/** How long a line on the console may take, in milliseconds. */
const PATIENCE_MS = 20_000;

const boardFile = inProject("test/examples/board.ts");
let built: Promise<BuildResult> | undefined;

/** An application that is all examples. */
function writeApp(folder: string): string {
  const names = readdirSync(inProject("examples"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3));
  const lines = [
    'import type { AliIot } from "../../src/ali/aliiot.ts";',
    'import type { Settings } from "../../src/store/settings.ts";',
    ...names.map((name, i) => `import { startApp as start${i} } from "../../examples/${name}.ts";`),
    "export function startApp(settings: Settings): { server: AliIot<any> } {",
    "  const example = settings.app && settings.app.example;",
    ...names.map((name, i) => `  if (example === "${name}") return start${i}(settings);`),
    '  throw new Error("no example " + example);',
    "}",
  ];
  mkdirSync(folder, { recursive: true });
  const app = join(folder, "all.ts");
  writeFileSync(app, `${lines.join("\n")}\n`);
  return app;
}

function buildAll(): Promise<BuildResult> {
  const folder = inProject(".cache/examples");
  const outDir = join(folder, "dist");
  return build({ board: "linux", boardFile, app: writeApp(folder), outDir, quiet: true });
}

/**
 * `play` gets a stage whose board is on, and asserts on what the platform received; what the console
 * printed is in its second argument.
 */
export function testExample(
  name: string,
  play: (stage: Stage, printed: () => string) => Promise<void>,
  options: Omit<StageOptions, "build" | "boardFile" | "engine"> & { title?: string } = {},
): void {
  const engines: Engine[] = findInterpreter() === undefined ? ["virtual"] : ["virtual", "espruino"];
  if (engines.length === 1) {
    console.log("no espruino-linux on the PATH and no $ESPRUINO: the interpreter is skipped");
  }
  const settings = async (cloud: Cloud) => {
    const { settings: given = {} } = options;
    const own = typeof given === "function" ? await given(cloud) : given;
    return { ...own, app: { example: name, ...(own.app as object | undefined) } };
  };
  for (const engine of engines) {
    const title = engine === "virtual" ? "the virtual board" : "the interpreter";
    test(`examples/${name}.ts${options.title ? `, ${options.title},` : ""} on ${title}`, async (context) => {
      built ??= buildAll();
      const stage = await openStage({
        ...options,
        settings,
        build: await built,
        boardFile,
        engine,
      });
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

/** Waits until the console has printed what fits. */
export function said(board: PoweredBoard, printed: () => string, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      stop();
    };
    const look = () => {
      if (!wanted.test(printed())) return;
      end();
      resolve();
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`never printed ${wanted}`));
    }, PATIENCE_MS);
    const stop = board.onConsole(look);
    look();
  });
}
