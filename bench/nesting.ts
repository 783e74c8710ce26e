/**
 * How deep the sample application's calls are nested in one another, by what happens: a board's stack
 * takes a dozen functions called back within one another, and every call in between counts. Measured on
 * the virtual board, by a script that counts.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildResult, build } from "../host/build/index.ts";
import { openStage, type Stage } from "../host/demo/stage.ts";
import { imageFor, push } from "../host/demo/updates.ts";
import { runWalk, type Step, walk } from "../host/demo/walk.ts";
import { plainCode } from "../host/tokens/plain.ts";
import { BuiltScript } from "../host/trace/script.ts";
import { instrument } from "./nesting/instrument.ts";
import type { Row } from "./run.ts";

export const name = "nesting: calls of the sample application within one another";

/** Most functions called back within one another. */
const BACKS = 6;

/** What happens, and the steps of the walk that bring it. */
const PATHS: [title: string, steps: RegExp][] = [
  ["start, log-on, status listener, reports", /starts and logs on|Report|ota(Device|Firmware)/],
  ["properties set, callback, reply and report", /^propertySetReply/],
  ["service called, callback, response", /^serviceResponse/],
  ["RRPC, callback, response", /^rrpcResponse/],
  ["connection lost, status listener, log-on", /network fails/],
];

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-nesting-"));
  try {
    const boardFile = join(import.meta.dirname, "nesting/device/board.ts");
    const built = await build({ board: "linux", boardFile, outDir: folder, quiet: true });
    const text = readFileSync(built.firmware, "latin1");
    const script = new BuiltScript(text, () => readFileSync(built.map, "utf8"), folder);
    const firmware = join(folder, "counting.js");
    writeFileSync(firmware, instrument(plainCode(text).text), "latin1");
    return await measure({ ...built, firmware }, boardFile, script);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(built: BuildResult, boardFile: string, script: BuiltScript): Promise<Row[]> {
  const settings = { log: "error" };
  const stage = await openStage({ build: built, boardFile, engine: "virtual", settings });
  try {
    const counts = new Counts(stage);
    const rows: Row[] = [];
    let deepest: number[] = [];
    const add = (title: string) => {
      const { backs, calls } = counts.take();
      if (calls.length > deepest.length) deepest = calls;
      rows.push(
        { what: `${title}: called back`, value: isBack(backs).length, unit: "deep", most: BACKS },
        { what: `${title}: called at all`, value: calls.length, unit: "deep" },
      );
    };
    for (const [title, pattern] of PATHS) {
      await counts.forget();
      await run(
        stage,
        walk.filter((step) => pattern.test(step.title)),
      );
      add(title);
    }
    for (const protocol of ["HTTP", "MQTT"] as const) {
      await counts.forget();
      await update(stage, protocol);
      add(`update over ${protocol}`);
    }
    rows.push({ what: "the deepest", value: show(deepest, script), unit: "" });
    return rows;
  } finally {
    await stage.close();
  }
}

/** Of functions within one another, those that were called back. */
const isBack = (functions: number[]) => functions.filter((number) => number < 0);

/** Names of functions, from the outermost one on, as in the sources; ">>" before one called back. */
function show(functions: number[], script: BuiltScript): string {
  return functions
    .map((number, at) => {
      const { name } = script.functions[Math.abs(number) - 1] ?? {};
      const word = (name && script.word(name)) ?? "function";
      return at === 0 ? word : `${number < 0 ? ">> " : "> "}${word}`;
    })
    .join(" ");
}

/** Hears what the script prints. */
class Counts {
  private text = "";

  constructor(private readonly stage: Stage) {
    stage.board.onConsole((more) => {
      this.text += more;
    });
  }

  /** From now on. */
  async forget(): Promise<void> {
    if (this.stage.board.isOn) await this.stage.board.evaluate("nested()");
    this.text = "";
  }

  /** The functions within one another where most were called back, and where most were called at all. */
  take(): { backs: number[]; calls: number[] } {
    const found: [number[], number[]] = [[], []];
    const depths = [(one: number[]) => isBack(one).length, (one: number[]) => one.length] as const;
    for (const [, kind, numbers = ""] of this.text.matchAll(/nested ([01]) ([-\d ]+)\r?\n/g)) {
      const functions = numbers.split(" ").map(Number);
      const at = Number(kind) as 0 | 1;
      if (depths[at](functions) > depths[at](found[at])) found[at] = functions;
    }
    if (found[1].length === 0) throw new Error(`nothing was counted: ${this.text.slice(-300)}`);
    return { backs: found[0], calls: found[1] };
  }
}

async function run(stage: Stage, steps: Step[]): Promise<void> {
  if (steps.length === 0) throw new Error("no step of the walk brings what is measured");
  const failed = (await runWalk(stage, steps, () => {})).find(({ missing }) => missing);
  if (failed) throw new Error(`${failed.title}: ${failed.missing}`);
}

/** Updates it to itself. */
async function update(stage: Stage, protocol: "HTTP" | "MQTT"): Promise<void> {
  const version = protocol === "HTTP" ? "9.0.0" : "9.1.0";
  const job = await push(stage, version, imageFor(stage, version), {
    signMethod: "MD5",
    ...(protocol === "MQTT" ? { protocol: "mqtt" } : {}),
  });
  const task = await stage.cloud.ota.finished(job, stage.device.deviceName);
  if (task.status !== "SUCCEEDED") throw new Error(`update ${task.status}: ${task.desc}`);
}
