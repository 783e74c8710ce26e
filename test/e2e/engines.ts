/**
 * The very bundle on each engine: the virtual board standing in for an ESP32 and for Linux, and
 * the real interpreter where it is present.
 * @module
 */
import { findInterpreter } from "../../host/board/index.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { type Engine, openStage, type Stage, type StageOptions } from "../../host/demo/stage.ts";

export interface EngineUnderTest {
  name: string;
  board: string;
  engine: Engine;
}

const virtual: EngineUnderTest[] = [
  { name: "virtual board, esp32", board: "esp32", engine: "virtual" },
  { name: "virtual board, linux", board: "linux", engine: "virtual" },
];

/** All engines of this machine; says so when the interpreter is missing. */
export function engines(): EngineUnderTest[] {
  if (findInterpreter() !== undefined) {
    return [...virtual, { name: "interpreter", board: "linux", engine: "espruino" }];
  }
  console.log("no espruino-linux on the PATH and no $ESPRUINO: the interpreter is skipped");
  return virtual;
}

const builds = new Map<string, Promise<BuildResult>>();

/** A stage for the engine; the firmware is built once a board. */
export async function stageFor(
  { board, engine }: EngineUnderTest,
  options: Omit<StageOptions, "build" | "engine"> = {},
): Promise<Stage> {
  const built = builds.get(board) ?? build({ board, quiet: true });
  builds.set(board, built);
  return openStage({ build: await built, engine, ...options });
}
