/**
 * What each service of the platform costs a board: bytes of the bundle for an ESP32, and variables of
 * the interpreter when connected, above the least application. Each is measured as its example.
 * @module
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findInterpreter, findSmallInterpreter } from "../host/board/find-interpreter.ts";
import { build } from "../host/build/index.ts";
import { inProject } from "../host/build/project.ts";
import { openStage } from "../host/demo/stage.ts";
import { leastVars } from "./memory/rest.ts";
import type { Bench, Row } from "./run.ts";

export const name = "services: what each example takes above the least application";
export const uses: Bench["uses"] = ["interpreter32", "interpreter"];

const LEAST = "minimal";
/** Milliseconds in which what the log-on set in motion comes to rest. */
const SETTLED = 1500;

interface Cost {
  bytes: number;
  jsVars: number | undefined;
}

export async function bench(): Promise<Row[]> {
  const interpreter = findSmallInterpreter() ?? findInterpreter();
  const least = await cost(LEAST, interpreter);
  const rows = showCost(`${LEAST} (whole)`, least);
  const examples = readdirSync(inProject("examples"))
    .filter((file) => file.endsWith(".ts") && file !== `${LEAST}.ts`)
    .map((file) => file.slice(0, -3));
  for (const example of examples) {
    const { bytes, jsVars } = await cost(example, interpreter);
    const more = jsVars === undefined ? undefined : jsVars - (least.jsVars ?? 0);
    rows.push(...showCost(example, { bytes: bytes - least.bytes, jsVars: more }));
  }
  return rows;
}

function showCost(what: string, { bytes, jsVars }: Cost): Row[] {
  return [
    { what: `${what}: bundle for esp32`, value: bytes, unit: "bytes" },
    ...(jsVars === undefined
      ? []
      : [{ what: `${what}: connected`, value: jsVars, unit: "JsVars" }]),
  ];
}

async function cost(example: string, interpreter: string | undefined): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "bench-services-"));
  try {
    const app = inProject("examples", `${example}.ts`);
    const { sizes } = await build({
      board: "esp32",
      app,
      outDir: join(folder, "esp32"),
      quiet: true,
    });
    const jsVars = interpreter && (await measure(app, join(folder, "linux"), interpreter));
    return { bytes: sizes.minified, jsVars: jsVars || undefined };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Variables in use, connected and at rest. */
async function measure(app: string, outDir: string, interpreter: string): Promise<number> {
  const stage = await openStage({
    build: await build({ board: "linux", app, outDir, quiet: true }),
    engine: "espruino",
    interpreter,
    settings: { log: "error" },
  });
  try {
    const online = stage.watch.wait("a log-on", 0, (seen) => seen.kind === "status" && seen.online);
    await stage.board.powerOn();
    await online;
    await pause(SETTLED);
    return await leastVars(stage.board);
  } finally {
    await stage.close();
  }
}
