/**
 * An update on the interpreter: the download against a bare loop that reads the same file from the
 * same server and drops it; what goes to the flash; memory of the updating alone (that of the whole
 * firmware is in `memory.ts`); the checks; the loader's start.
 * @module
 */
import { createHash, randomBytes, sign } from "node:crypto";
import { join } from "node:path";
import { loadBoard } from "../host/build/boards.ts";
import { generateKey, publicModulus } from "../host/image/keys.ts";
import {
  buildProgram,
  type Engine,
  interpreters,
  noInterpreter,
  Run,
} from "../test/mqtt/interpreter.ts";
import { measureLoader } from "./ota/loader.ts";
import { serveBlocks, serveFiles } from "./ota/servers.ts";
import type { Bench, Row } from "./run.ts";

export const name = "OTA: an image of 64 KB on the interpreter";
export const uses: Bench["uses"] = ["interpreter", "interpreter32"];

const SIZE = 64 << 10;
/** JsVars: 4 KB of 14 bytes each. */
const FOUR_KB = 292;
/** Each downloads two files, the one over HTTP, the other in blocks. */
const ROUNDS = 5;

interface Round {
  bare: number;
  least: number;
  dropped: number;
  flash: number;
  http: number[];
  blocks: number[];
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number;

/** Runs the bench on each interpreter that is present. */
export async function bench(): Promise<Row[] | string> {
  if (noInterpreter) return noInterpreter;
  const rows: Row[] = [];
  const script = await buildProgram(join(import.meta.dirname, "../test/ota/device/bench.ts"));
  const files = Array.from({ length: 2 * ROUNDS }, () => randomBytes(SIZE));
  const http = await serveFiles(files);
  const mqtt = await serveBlocks(files);
  const privateKey = generateKey();
  const settings = {
    http: http.port,
    mqtt: mqtt.port,
    files: files.length,
    size: SIZE,
    slotBytes: SIZE,
    modulus: publicModulus(privateKey),
    signature: sign("sha256", Buffer.from("image"), privateKey).toString("hex"),
    digest: createHash("sha256").update("image").digest("hex"),
  };
  try {
    for (const engine of interpreters()) {
      const run = new Run(engine, script, settings);
      try {
        rows.push(...(await measure(run, engine)));
      } finally {
        await run.end();
      }
      const { loader, floor } = await measureLoader(engine, SIZE);
      const what = `${engine.name}: loader until the image's script begins`;
      // Least: its SHA-256 alone.
      rows.push({ what, value: loader / 1000, unit: "ms", floor: floor / 1000 });
    }
  } finally {
    http.close();
    mqtt.close();
  }
  return rows;
}

/** Rows of one interpreter. */
async function measure(run: Run, engine: Engine): Promise<Row[]> {
  const numbers = async (word: string) => (await run.line(word)).split(" ").map(Number);
  const figure = async (word: string) => (await numbers(word))[0] as number;
  const rounds: Round[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({
      bare: await figure("bare"),
      least: await figure("least"),
      dropped: await figure("dropped"),
      flash: await figure("flash"),
      http: await numbers("http"),
      blocks: await numbers("blocks"),
    });
  }
  const rows: Row[] = [];
  const add = (what: string, value: number | string, unit: string, rest: Partial<Row> = {}) =>
    rows.push({ what: `${engine.name}: ${what}`, value, unit, ...rest });
  const time = (what: string, us: number, floor?: number, mostTimes?: number) =>
    add(what, us / 1000, "ms", {
      ...(floor === undefined ? {} : { floor: floor / 1000 }),
      ...(mostTimes === undefined ? {} : { mostTimes }),
    });
  const middle = (us: (round: Round) => number) => median(rounds.map(us));
  const bare = middle((round) => round.bare);
  const least = middle((round) => round.least);
  time("bare read of the socket", bare);
  time(
    "bare erases and writes of the flash",
    middle((round) => round.flash),
  );
  time("hand-written least loop into flash", least, bare);
  time(
    "HTTP into nothing",
    middle((round) => round.dropped),
    bare,
    2,
  );
  const { page } = (await loadBoard("linux")).device.flash;
  for (const [kind, what, most] of [
    ["http", "HTTP", 2],
    ["blocks", "blocks over MQTT", undefined],
  ] as const) {
    const took = middle((round) => round[kind][0] as number);
    // Of a slot that holds something else throughout.
    const [, erases = 0, written = 0] = (rounds[1] as Round)[kind];
    time(`${what} into flash, to the bare read`, took, bare, most);
    time(`${what} into flash, to the least loop`, took, least);
    add(`${what}: written of an image`, written, "bytes", { floor: SIZE, mostTimes: 1.05 });
    add(`${what}: erases of its pages`, erases, "", { floor: SIZE / page, mostTimes: 1 });
  }
  const memory = { most: FOUR_KB };
  add("HTTP: most above the idle program", await figure("memory-http"), "JsVars", memory);
  add("blocks: most above the idle program", await figure("memory-blocks"), "JsVars", memory);
  const [erases, written] = await numbers("same");
  add("the same image again: erases", erases as number, "", { most: 0 });
  add("the same image again: written", written as number, "bytes", { most: 0 });
  time("SHA-256 of the image in flash", await figure("sha256"));
  time("MD5 of the image in flash", await figure("md5"));
  time("MD5: longest turn", await figure("md5-turn"));
  time("RSA signature checked", await figure("rsa"));
  add("RSA: most meanwhile", await figure("memory-rsa"), "JsVars", memory);
  await run.line("end");
  return rows;
}
