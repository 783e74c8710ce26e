/**
 * The whole firmware on the interpreter: its size, and its memory when connected.
 * @module
 */
import { findInterpreter } from "../host/board/index.ts";
import { boardNames } from "../host/build/boards.ts";
import { build } from "../host/build/index.ts";
import { openStage, type Stage } from "../host/demo/stage.ts";
import { runWalk, walk } from "../host/demo/walk.ts";
import type { Bench, Row } from "./run.ts";

export const name = "firmware: size, and JsVars on the interpreter";
export const uses: Bench["uses"] = ["interpreter"];

/** Reports sent to see whether memory stays flat. */
const REPORTS = 200;
const FIRST_REPORTS = 20;

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const board of boardNames()) {
    const { sizes } = await build({ board, quiet: true });
    rows.push({ what: `bundle for ${board}, minified`, value: sizes.minified, unit: "bytes" });
  }
  if (findInterpreter() === undefined) return rows;
  const stage = await openStage({
    build: await build({ board: "linux", quiet: true }),
    engine: "espruino",
    settings: { log: "error" },
  });
  try {
    await measure(stage, rows);
  } finally {
    await stage.close();
  }
  return rows;
}

async function measure(stage: Stage, rows: Row[]): Promise<void> {
  const failed = (await runWalk(stage, walk, () => {})).find(({ missing }) => missing);
  if (failed) throw new Error(`${failed.title}: ${failed.missing}`);
  const bytes = Number(await stage.board.evaluate("process.memory().blocksize"));
  // The first reports bring what stays, e.g. the last reply.
  await report(stage, FIRST_REPORTS);
  const connected = await usage(stage);
  rows.push({ what: "JsVars, connected, after the walk", value: connected, unit: "JsVars" });
  rows.push({ what: "the same in memory", value: connected * bytes, unit: "bytes" });
  await report(stage, REPORTS);
  rows.push({
    what: `JsVars more after ${REPORTS} reports`,
    value: (await usage(stage)) - connected,
    unit: "JsVars",
    most: 0,
  });
}

/** Lets the device report so often, one after another. */
async function report(stage: Stage, count: number): Promise<void> {
  const done = printed(stage, "all reported");
  await stage.board.evaluate(`(function(){var n=0;function next(){
    if(n++<${count})ali.server.propertiesReport({energy:n%100}).then(next);
    else print("all reported")
  }next()})()`);
  await done;
}

/** Waits for a text on the board's console. */
function printed(stage: Stage, text: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = "";
    const stop = stage.board.onConsole((more) => {
      seen += more;
      if (!seen.includes(text)) return;
      stop();
      resolve();
    });
  });
}

async function usage(stage: Stage): Promise<number> {
  return Number(await stage.board.evaluate("process.memory().usage"));
}
